"""What lines come to: rounded to the decimals of the currency, the tax by rate. Never a float."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contacts.money import rounded


class Charge(NamedTuple):
    """An amount, and the percentage of tax in it or on it."""

    amount: Decimal
    tax_rate: Decimal


class Sums(NamedTuple):
    """What is to be paid, and of what it is made: subtotal less discount, with the tax where that is not in it."""

    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal


def of_line(quantity: Decimal | int, unit_amount: Decimal, currency: str) -> Decimal:
    return rounded(Decimal(quantity) * unit_amount, currency)


def total(charges: Iterable[Charge], currency: str, *, discount: Decimal = Decimal(0), tax_included: bool) -> Sums:
    """The sums of these lines. A discount takes its share of each rate's amount; it never exceeds the subtotal."""
    by_rate: dict[Decimal, Decimal] = defaultdict(Decimal)
    for charge in charges:
        by_rate[charge.tax_rate] += charge.amount
    subtotal = sum(by_rate.values(), Decimal(0))
    taken = rounded(min(discount, subtotal), currency)
    left = (subtotal - taken) / subtotal if subtotal else Decimal(0)
    tax = sum((_tax(sum_ * left, rate, currency, tax_included) for rate, sum_ in by_rate.items()), Decimal(0))
    return Sums(subtotal, taken, tax, subtotal - taken + (Decimal(0) if tax_included else tax))


def _tax(amount: Decimal, rate: Decimal, currency: str, tax_included: bool) -> Decimal:
    return rounded(amount * rate / (100 + rate if tax_included else Decimal(100)), currency)
