"""Sales: told once, refused where they cannot be, and commissions that follow what is given back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from affiliates import payouts, selling
from affiliates.models import Commission, Sale
from affiliates.tests import make
from contacts.tests import make as contacts
from triggers.models import Event
from triggers.problems import Invalid


def sold(of: Any, amount: str = "100", currency: str = "EUR", **values: Any) -> selling.Sold:
    return selling.Sold(enrolment=of, amount=Decimal(amount), currency=currency, occurred_at=make.NOON, **values)


@pytest.mark.django_db
def test_a_sale_earns_its_commission_and_is_told_about_both() -> None:
    own, mia = make.enrolment(), contacts.contact()

    sale = make.sale(own, "49.90", buyer=mia)

    assert (sale.status, sale.commission.amount, sale.commission.status) == ("counted", Decimal("4.99"), "pending")
    told = Event.objects.filter(type="affiliate.sale_created").order_by("pk")
    assert [(event.data["about"], event.contact_id) for event in told] == [
        ("buyer", mia.pk), ("affiliate", own.affiliate.contact_id),
    ]  # fmt: skip
    assert len({event.dedup_key for event in told}) == 2


@pytest.mark.django_db
def test_a_sale_that_is_told_twice_counts_once() -> None:
    own = make.enrolment()

    first = selling.record(sold(own, source="shop", external_id="A-1"))
    again = selling.record(sold(own, source="shop", external_id="A-1"))
    elsewhere = selling.record(sold(own, source="till", external_id="A-1"))

    assert (first[1], again, elsewhere[1]) == (True, (first[0], False), True)
    assert (Sale.objects.count(), Commission.objects.count()) == (2, 2)
    assert Event.objects.filter(type="affiliate.sale_created").count() == 4


@pytest.mark.django_db
@pytest.mark.parametrize(("values", "field"), [({"amount": "99"}, "amount"), ({"currency": "CHF"}, "currency")])
def test_one_number_told_of_two_sales_is_refused(values: dict[str, str], field: str) -> None:
    own = make.enrolment()
    selling.record(sold(own, external_id="A-1"))

    with pytest.raises(selling.ToldOtherwise) as refused:
        selling.record(sold(own, external_id="A-1", **values))

    assert [problem.path for problem in refused.value.problems] == [(field,)]
    assert Sale.objects.get().amount == 100


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_sale_that_is_told_twice_at_once_counts_once() -> None:
    own, ready = make.enrolment(), Barrier(4)

    def one(_number: int) -> bool:
        ready.wait(10)
        try:
            return selling.record(sold(own, external_id="A-1"))[1]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, range(4)))

    assert sorted(found) == [False, False, False, True]
    assert (Sale.objects.count(), Commission.objects.count()) == (1, 1)
    assert Event.objects.filter(type="affiliate.sale_created").count() == 2


@pytest.mark.django_db
def test_nobody_earns_by_their_own_purchase() -> None:
    own = make.enrolment()

    with pytest.raises(ValidationError) as refused:
        make.sale(own, buyer=own.affiliate.contact)

    assert refused.value.message_dict == {"buyer": ["Jonas is the affiliate: nobody earns by their own purchase."]}
    assert not Sale.objects.exists()
    assert not Event.objects.filter(type="affiliate.sale_created").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "currency", "field"),
    [
        ("0", "EUR", "amount"), ("-5", "EUR", "amount"), ("1.5", "JPY", "amount"), ("1.005", "EUR", "amount"),
        ("1.0005", "KWD", "amount"), ("5", "XYZ", "currency"), ("5", "", "currency"),
    ],
)  # fmt: skip
def test_an_amount_that_its_currency_has_not_is_refused(amount: str, currency: str, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        make.sale(None, amount, currency)

    assert list(refused.value.message_dict) == [field]
    assert not Sale.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "currency", "earned"), [("1985", "JPY", "199"), ("1.125", "KWD", "0.113"), ("49.95", "EUR", "5.00")]
)
def test_what_is_earned_has_the_decimals_of_the_currency(amount: str, currency: str, earned: str) -> None:
    own = make.sale(None, amount, currency).commission

    own.refresh_from_db()
    assert (own.amount, own.currency) == (Decimal(earned), currency)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["pending", "paused", "rejected"])
def test_who_is_not_active_earns_nothing(status: str) -> None:
    with pytest.raises(ValidationError) as refused:
        make.sale(make.enrolment(make.affiliate(status=status)))

    assert list(refused.value.message_dict) == ["affiliate"]


@pytest.mark.django_db
def test_what_earns_less_than_the_smallest_coin_has_no_commission() -> None:
    sale = make.sale(None, "0.04")

    assert not Commission.objects.exists()
    assert Event.objects.filter(type="affiliate.sale_created", data__commission="0").count() == 2
    assert sale.status == "counted"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("months", "earning"), [(None, [True, True, True, True]), (0, [True, False, False, False]),
                            (2, [True, True, False, False])]
)  # fmt: skip
def test_renewals_earn_for_so_many_months(months: int | None, earning: list[bool]) -> None:
    own = make.enrolment(into=make.campaign(recurring_months=months))
    # A month later to the day it is over.
    days = [0, 30, 61, 400]

    sales = [
        make.sale(own, kind="recurring", series="s1", occurred_at=make.NOON + timedelta(days=number)) for number in days
    ]

    assert [Commission.objects.filter(sale=sale).exists() for sale in sales] == earning


@pytest.mark.django_db
def test_a_refund_voids_the_commission() -> None:
    sale = make.sale()

    selling.give_back(sale, Decimal(100))
    selling.give_back(sale, Decimal(100))

    own = Commission.objects.get()
    assert (sale.status, own.status, own.payout) == ("refunded", "void", None)


@pytest.mark.django_db
def test_a_part_given_back_lessens_a_share() -> None:
    sale = make.sale(None, "100")

    selling.give_back(sale, Decimal("33.33"))

    own = Commission.objects.get()
    assert (sale.status, own.status, own.amount) == ("counted", "pending", Decimal("6.67"))


@pytest.mark.django_db
def test_a_refund_that_came_back_earns_again() -> None:
    sale = make.sale()
    selling.give_back(sale, Decimal(100))

    selling.give_back(sale, Decimal(0))

    own = Commission.objects.get()
    assert (sale.status, own.status, own.amount) == ("counted", "pending", 10)


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["100.01", "-1", "1.001"])
def test_no_more_is_given_back_than_it_was(amount: str) -> None:
    sale = make.sale()

    with pytest.raises(Invalid) as refused:
        selling.give_back(sale, Decimal(amount))

    assert refused.value.problems[0].path == ("amount",)
    assert Sale.objects.get().refunded == 0


@pytest.mark.django_db
def test_what_was_paid_out_stays() -> None:
    own = make.enrolment(make.affiliate(payout_method="verified"))
    sale = make.sale(own)
    payouts.approve(Commission.objects.all())
    payouts.pay(payouts.put_together(own.affiliate, "EUR"))

    selling.give_back(sale, Decimal(100))
    with pytest.raises(Invalid):
        selling.void(sale)

    assert (Sale.objects.get().status, Commission.objects.get().status) == ("refunded", "paid")


@pytest.mark.django_db
def test_a_void_sale_counts_no_longer() -> None:
    sale = make.sale()

    assert (selling.void(sale), selling.void(sale)) == (True, False)
    assert Commission.objects.get().status == "void"
