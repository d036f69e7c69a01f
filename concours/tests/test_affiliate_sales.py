"""What is bought and paid here is credited to whose link the buyer followed: from the click to the commission."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from affiliates import crediting
from affiliates.models import Commission, Enrolment, PurchaseDue, Referral, Sale
from affiliates.tests import make
from commerce import paying, subscribing
from commerce.models import Order, Payment
from commerce.tests import make as shop
from concours import affiliate_sales
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers import services as workflows
from triggers import sweeping
from triggers.context import quiet
from triggers.models import Event
from triggers.models.event import Lane

pytestmark = pytest.mark.django_db
NOW = timezone.now
LEO = {"name": "Leo Maier", "email": "leo@example.org"}


@pytest.fixture
def own() -> Enrolment:
    return make.enrolment()


def bought(own: Enrolment, amount: str = "100", ago: timedelta = timedelta(days=1), **values: Any) -> Payment:
    """Who followed the link so long ago pays now."""
    leo = Contact.objects.filter(email="leo@example.org").first() or contacts.contact(email="leo@example.org")
    make.referral(leo, own, NOW() - ago)
    price = shop.price(amount, currency=values.pop("currency", "EUR"))
    order = shop.order(leo, price, now=values.pop("placed_at", NOW()))
    return paying.record(order.total, order.currency, order=order, **values)


def test_from_the_click_to_the_commission_and_a_workflow() -> None:
    own, form = make.enrolment(), shop.order_form(shop.price("49.90"))
    workflows.publish(workflows.create("Tell", make.document("affiliate.sale_created", about="affiliate")))
    browser = make.visitor()
    make.follow(browser, own)

    page = browser.get(f"/order/{form.key}/")
    item = form.items.all()[0]
    browser.post(f"/order/{form.key}/", {"_state": shop.state_in(page), f"item-{item.pk}": "1", **LEO})
    order = Order.objects.get()
    paying.record(order.total, order.currency, order=order)
    sweeping.drain()

    leo, sale = Contact.objects.get(email="leo@example.org"), Sale.objects.get()
    assert Referral.objects.get().contact == leo
    assert (sale.buyer, sale.enrolment, sale.amount, sale.kind) == (leo, own, Decimal("49.90"), "one_off")
    assert (sale.reference, str(sale.commission.amount)) == (str(order), "4.990")
    assert contacts.tags_of(own.affiliate.contact) == {"Told"}
    assert contacts.tags_of(leo) == set()
    assert not PurchaseDue.objects.exists()


def test_whoever_came_by_no_link_is_credited_to_nobody() -> None:
    make.enrolment()
    form = shop.order_form(shop.price())
    shop.send(form, **LEO)
    order = Order.objects.get()

    paying.record(order.total, order.currency, order=order)
    sweeping.drain()

    assert not Referral.objects.exists()
    assert not Sale.objects.exists()


def test_a_click_outside_the_window_counts_no_longer() -> None:
    own = make.enrolment(into=make.campaign(window_days=7))

    bought(own, ago=timedelta(days=7, minutes=1))
    sweeping.drain()

    assert not Sale.objects.exists()


def test_the_order_decides_not_the_payment() -> None:
    own = make.enrolment(into=make.campaign(window_days=7))

    bought(own, ago=timedelta(days=40), placed_at=NOW() - timedelta(days=35))
    sweeping.drain()

    assert Sale.objects.get().enrolment == own


def test_the_affiliates_own_purchase_is_credited_to_nobody() -> None:
    own = make.enrolment()
    leo = own.affiliate.contact
    make.referral(contacts.contact(email="leo@example.org"), own, NOW() - timedelta(days=1))
    # One and the same person, as staff find out later.
    Referral.objects.update(contact=leo)
    order = shop.order(leo, shop.price("100"), now=NOW())

    paying.record(order.total, order.currency, order=order)
    sweeping.drain()

    assert not Sale.objects.exists()


def test_who_is_paused_is_credited_nothing() -> None:
    own = make.enrolment()
    own.affiliate.status = "paused"
    own.affiliate.save()

    bought(own)
    sweeping.drain()

    assert not Sale.objects.exists()


def test_of_several_campaigns_the_latest_click_decides() -> None:
    older, newer = (make.enrolment(make.affiliate(name), make.campaign(name)) for name in ("Jonas", "Ida"))
    leo = contacts.contact(email="leo@example.org")
    make.referral(leo, newer, NOW() - timedelta(days=1))

    bought(older, ago=timedelta(days=3))
    sweeping.drain()

    assert Sale.objects.get().enrolment == newer


def test_a_refund_voids_the_commission() -> None:
    payment = bought(make.enrolment())
    sweeping.drain()

    paying.refund(payment, Decimal(40))
    sweeping.drain()
    part = Commission.objects.get()
    paying.refund(payment)
    sweeping.drain()

    assert (part.amount, part.status) == (6, "pending")
    assert (Sale.objects.get().status, Commission.objects.get().status) == ("refunded", "void")
    assert Event.objects.filter(type="affiliate.sale_created").count() == 2


def test_what_was_given_back_before_anybody_looked_is_credited_to_nobody() -> None:
    payment = bought(make.enrolment())

    paying.refund(payment)
    sweeping.drain()

    assert not Sale.objects.exists()


@pytest.mark.parametrize(
    ("amount", "currency", "earned"), [("1985", "JPY", "199.000"), ("1.125", "KWD", "0.113"), ("49.95", "EUR", "5.000")]
)
def test_what_is_earned_has_the_decimals_of_the_currency(amount: str, currency: str, earned: str) -> None:
    bought(make.enrolment(), amount, currency=currency)
    sweeping.drain()

    assert str(Commission.objects.get().amount) == earned


def test_renewals_are_credited_for_so_many_months() -> None:
    own, leo = make.enrolment(into=make.campaign(recurring_months=2)), contacts.contact(email="leo@example.org")
    make.referral(leo, own, NOW() - timedelta(days=200))
    Referral.objects.update(clicked_at=NOW() - timedelta(days=101))
    plan = subscribing.begin(leo, shop.price("19", interval="month"), now=NOW() - timedelta(days=100))

    for age in (100, 70, 30, 9):
        paying.record(Decimal(19), "EUR", contact=leo, subscription=plan, paid_at=NOW() - timedelta(days=age))
    sweeping.drain()

    sales = Sale.objects.order_by("occurred_at")
    assert [(sale.kind, (NOW() - sale.occurred_at).days) for sale in sales] == [("recurring", 100), ("recurring", 70)]


def test_a_quiet_import_credits_nothing() -> None:
    own = make.enrolment()

    with quiet("import"):
        bought(own)
    sweeping.drain()

    assert not Sale.objects.exists()


def test_a_failed_payment_is_no_purchase() -> None:
    bought(make.enrolment(), status="failed")
    sweeping.drain()

    assert not Sale.objects.exists()
    assert not PurchaseDue.objects.exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(times=st.integers(1, 4), parts=st.lists(st.integers(1, 50), max_size=2))
def test_news_that_come_doubled_and_late_end_in_the_same(own: Enrolment, times: int, parts: list[int]) -> None:
    """What is told first, last or again does not matter: each looks at the payment as it is."""
    payment = bought(own)
    for part in parts:
        paying.refund(payment, Decimal(part))

    for _time in range(times):
        crediting.note(affiliate_sales.SOURCE, [str(payment.pk)])
        crediting.work(Lane.FAST, NOW())

    left = 100 - sum(parts)
    found = Commission.objects.filter(sale__external_id=str(payment.pk)).values_list("amount", "status")
    assert list(found) == ([(Decimal(left) / 10, "pending")] if left else [])


def test_what_cannot_be_credited_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    own, now = make.enrolment(), NOW()
    first, second = bought(own), bought(own)
    broken = str(first.pk)

    def follow(source: str, purchase: crediting.Purchase) -> Sale | None:
        if purchase.external_id == broken:
            raise RuntimeError(purchase)
        return as_ever(source, purchase)

    as_ever = crediting.follow
    monkeypatch.setattr(crediting, "follow", follow)
    sweeping.drain(now)
    assert Sale.objects.get().external_id == str(second.pk)
    assert PurchaseDue.objects.get().attempts == 1

    monkeypatch.setattr(crediting, "follow", as_ever)
    sweeping.drain(now)
    assert Sale.objects.count() == 1
    sweeping.drain(now + timedelta(minutes=1))
    assert Sale.objects.count() == 2


def test_a_batch_is_loaded_in_two_queries(django_assert_num_queries: Any) -> None:
    own = make.enrolment()
    numbers = [str(bought(own).pk) for _time in range(3)]

    with django_assert_num_queries(2):
        found = affiliate_sales.purchases([*numbers, "9999"])

    assert set(found) == set(numbers)
