"""subscription.status_changed: a subscription begins, and whatever becomes of it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from commerce import paying, subscribing
from commerce.models import Subscription
from commerce.tests import make
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import starts
from triggers.problems import Invalid

pytestmark = pytest.mark.django_db


def test_it_begins_with_its_order_and_is_cancelled_at_the_end_of_what_is_paid() -> None:
    price = make.price(19, "Care", interval="month")
    form = make.order_form(price)
    make.send(form)
    waiting = Subscription.objects.get()
    paying.record(Decimal(19), "EUR", order=waiting.order)
    begun = Subscription.objects.get()

    subscribing.cancel(begun, at_period_end=True)
    kept = begun.status
    subscribing.cancel(begun)

    events = contacts.events("subscription.status_changed")
    assert [(e.data["old_status"], e.data["status"]) for e in events] == [
        (None, "incomplete"), ("incomplete", "active"), ("active", "canceled"),
    ]  # fmt: skip
    assert (kept, begun.cancel_at is not None, events[1].data["amount"]) == ("active", True, "19.00")
    assert starts(events[1], statuses=["active"], products=[price.product_id], has_product="yes")
    assert not starts(events[1], not_statuses=["active"])
    assert not starts(events[1], not_products=[price.product_id])
    assert not starts(events[1], has_product="no")


def test_a_month_that_begins_on_the_31st_ends_on_the_last_day_of_the_next() -> None:
    price = make.price(19, "Care", interval="month")

    row = subscribing.begin(contacts.contact(), price, now=datetime(2027, 1, 31, 12, tzinfo=UTC))

    assert row.period_end == datetime(2027, 2, 28, 12, tzinfo=UTC)


def test_free_days_come_first_and_a_price_paid_once_is_refused() -> None:
    trial = make.price(19, "Care", interval="year", trial_days=14)

    row = subscribing.begin(contacts.contact(), trial, now=make.NOON)

    assert (row.status, row.period_end.day) == ("trial", 18)
    with pytest.raises(Invalid, match="paid once"):
        subscribing.begin(None, make.price(5, "Cloth"))


def test_one_that_stripe_bills_is_not_cancelled_here() -> None:
    row = Subscription.objects.create(gateway="stripe", external_id="sub_1", status="active")

    with pytest.raises(Invalid, match="Stripe bills it"):
        subscribing.cancel(row)
