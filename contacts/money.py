"""Amounts: in the decimals of their currency, and never one currency added to another."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _

from contacts.custom.money import decimals

SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def rounded(value: Decimal, currency: str) -> Decimal:
    """In the decimals of the currency, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals(currency)), ROUND_HALF_UP)


def plain(value: Decimal | None, currency: str) -> str | None:
    """As JSON and texts have it: "22000.00"."""
    return None if value is None else f"{value.quantize(Decimal(1).scaleb(-decimals(currency))):f}"


def shown(value: Decimal | None, currency: str) -> str:
    """As staff read it: € 22,000, CHF 54,000.50; empty where there is none."""
    if value is None:
        return ""
    whole = value == value.to_integral_value()
    number = formats.number_format(value, 0 if whole else decimals(currency), use_l10n=True, force_grouping=True)
    told = _("%(currency)s %(number)s") % {"currency": SIGNS.get(currency, currency), "number": number}
    # held together by a blank that does not break
    return told.replace(" ", "\N{NO-BREAK SPACE}")


def totals(sums: Mapping[str, Decimal | None] | Iterable[tuple[str, Decimal | None]]) -> str:
    """Sums by currency, the currencies in their order: € 118,200 · CHF 42,400."""
    pairs = sums.items() if isinstance(sums, Mapping) else sums
    return " · ".join(shown(value, currency) for currency, value in sorted(pairs) if value)
