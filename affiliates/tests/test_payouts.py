"""From approved to paid: each commission once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from affiliates import payouts, selling
from affiliates.models import Affiliate, Commission, Payout
from affiliates.tests import make
from triggers.problems import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def jonas() -> Affiliate:
    return make.affiliate(payout_method="given")


def test_what_is_approved_is_put_together_by_currency_and_paid_once(jonas: Affiliate) -> None:
    own = make.enrolment(jonas)
    make.sale(own, "100"), make.sale(own, "50"), make.sale(own, "3000", "JPY")
    waiting = make.sale(own, "10")
    payouts.approve(Commission.objects.exclude(sale=waiting))

    made = payouts.put_together(jonas, "EUR", date(2026, 3, 31))
    payouts.pay(made, "Bank 17", make.NOON)

    assert (made.since, made.until, made.status, made.reference) == (
        date(2026, 3, 4), date(2026, 3, 31), "paid", "Bank 17",
    )  # fmt: skip
    found = {(row.currency, row.amount, row.status) for row in Commission.objects.all()}
    assert found == {
        ("EUR", Decimal(10), "paid"), ("EUR", Decimal(5), "paid"), ("JPY", Decimal(300), "approved"),
        ("EUR", Decimal(1), "pending"),
    }  # fmt: skip
    with pytest.raises(Invalid, match="paid already"):
        payouts.pay(made)
    with pytest.raises(Invalid, match="Nothing in EUR"):
        payouts.put_together(jonas, "EUR", date(2026, 3, 31))


def test_sales_after_the_day_wait_for_the_next(jonas: Affiliate) -> None:
    make.sale(make.enrolment(jonas))
    payouts.approve(Commission.objects.all())

    with pytest.raises(Invalid, match="Nothing in EUR is approved up to that day"):
        payouts.put_together(jonas, "EUR", date(2026, 3, 3))

    assert not Payout.objects.exists()


def test_without_a_payout_method_nothing_is_paid_out() -> None:
    sale = make.sale()
    payouts.approve(Commission.objects.all())

    with pytest.raises(Invalid, match="has given no payout method"):
        payouts.put_together(sale.enrolment.affiliate, "EUR")


def test_one_payout_is_put_together_at_a_time(jonas: Affiliate) -> None:
    own = make.enrolment(jonas)
    for _time in range(2):
        make.sale(own)
        payouts.approve(Commission.objects.all())
        if not Payout.objects.exists():
            payouts.put_together(jonas, "EUR")

    with pytest.raises(Invalid, match="A payout in EUR is open"):
        payouts.put_together(jonas, "EUR")

    assert Commission.objects.filter(payout=None).count() == 1


def test_taken_back_its_commissions_wait_for_the_next(jonas: Affiliate) -> None:
    make.sale(make.enrolment(jonas))
    payouts.approve(Commission.objects.all())

    payouts.take_back(payouts.put_together(jonas, "EUR"))

    assert not Payout.objects.exists()
    assert payouts.due(jonas, "EUR").count() == 1


def test_a_refund_takes_its_commission_out_of_an_open_payout(jonas: Affiliate) -> None:
    sale = make.sale(make.enrolment(jonas))
    payouts.approve(Commission.objects.all())
    made = payouts.put_together(jonas, "EUR")

    selling.give_back(sale, Decimal(100))

    assert Commission.objects.get().payout is None
    with pytest.raises(Invalid, match="Nothing is left in this payout"):
        payouts.pay(made)


@pytest.mark.parametrize(
    "values", [{"status": "paid"}, {"status": "pending", "in_a_payout": True}, {"status": "void", "in_a_payout": True}]
)
def test_the_database_knows_what_a_payout_holds(jonas: Affiliate, values: dict[str, object]) -> None:
    make.sale(make.enrolment(jonas))
    payout = Payout.objects.create(affiliate=jonas, currency="EUR", since=date(2026, 3, 1), until=date(2026, 3, 2))
    held = payout if values.pop("in_a_payout", False) else None

    with pytest.raises(IntegrityError), transaction.atomic():
        Commission.objects.update(payout=held, **values)


def test_what_is_void_is_not_approved() -> None:
    sale = make.sale()
    selling.void(sale)

    assert payouts.approve(Commission.objects.all()) == 0
    assert Commission.objects.get().status == "void"
