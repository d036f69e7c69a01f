"""Invoices: numbers without gaps or doubles, sums in the decimals of the currency."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commerce import invoicing, totals
from commerce.models import Invoice, InvoiceSeries
from commerce.tests import make
from commerce.totals import Charge
from contacts import money
from contacts.tests import make as contacts
from triggers.problems import Invalid

pytestmark = pytest.mark.django_db


def test_numbers_have_no_gap_where_a_transaction_is_given_up() -> None:
    one, two, three = (make.invoice(sent=False) for _ in range(3))

    invoicing.send(one)
    with transaction.atomic():
        invoicing.send(two)
        transaction.set_rollback(True)
    invoicing.send(three)
    invoicing.send(one)

    assert [each.number for each in Invoice.objects.order_by("pk")] == ["R-00001", "", "R-00002"]
    assert InvoiceSeries.objects.get().next_number == 3


def test_an_empty_draft_and_one_without_a_series_are_not_sent() -> None:
    empty = invoicing.draft(contacts.contact(), [], series=make.series(), currency="EUR")
    own = invoicing.draft(None, [{"name": "A", "unit_amount": Decimal(1)}], currency="EUR")

    for invoice in (empty, own):
        with pytest.raises(Invalid):
            invoicing.send(invoice)
        assert invoice.number == ""


def test_an_amount_with_too_many_decimals_is_refused_and_nothing_is_kept() -> None:
    with pytest.raises(ValidationError):
        make.invoice("10.5", currency="JPY")

    assert Invoice.objects.count() == 0


@pytest.mark.parametrize(
    ("charges", "code", "discount", "included", "sums"),
    [
        ([("119", "19")], "EUR", "0", True, ("119", "0", "19.00", "119")),
        ([("100", "19"), ("100", "7")], "EUR", "0", False, ("200", "0", "26.00", "226.00")),
        ([("100", "19")], "EUR", "10", False, ("100", "10.00", "17.10", "107.10")),
        ([("999", "10")], "JPY", "0", False, ("999", "0", "100", "1099")),
        ([("1.005", "5")], "KWD", "0", False, ("1.005", "0.000", "0.050", "1.055")),
        ([("10", "19")], "EUR", "50", True, ("10", "10.00", "0.00", "0.00")),
    ],
)
def test_sums(charges: list[tuple[str, str]], code: str, discount: str, included: bool, sums: tuple[str, ...]) -> None:
    found = totals.total(
        [Charge(Decimal(a), Decimal(r)) for a, r in charges], code, discount=Decimal(discount), tax_included=included
    )

    assert tuple(found) == tuple(Decimal(each) for each in sums)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from([0, 7, 19])), max_size=6),
    st.integers(0, 10**6),
    st.booleans(),
)
def test_sums_always_add_up(lines: list[tuple[int, int]], discount: int, included: bool) -> None:
    charges = [Charge(Decimal(cents) / 100, Decimal(rate)) for cents, rate in lines]

    found = totals.total(charges, "EUR", discount=Decimal(discount) / 100, tax_included=included)

    assert found.total == found.subtotal - found.discount + (0 if included else found.tax)
    assert 0 <= found.discount <= found.subtotal
    assert found.total == money.rounded(found.total, "EUR")
