"""Subscriptions of our own go on: an invoice each period, overdue while one is, over when they end."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from commerce import invoicing, paying, renewing, subscribing
from commerce.models import Invoice, Payment, Subscription
from commerce.tests import make
from contacts.tests import make as contacts
from triggers import sweeping
from triggers.models import Event
from triggers.models.event import Lane

pytestmark = pytest.mark.django_db
JANUARY = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)


def begun(billed: bool = True, **price: Any) -> Subscription:
    """Begun on 31 January: 10 a month, with an invoice each month."""
    what = make.price("10", "Care", **{"interval": "month", **price})
    return subscribing.begin(contacts.contact(), what, now=JANUARY, series=make.series() if billed else None)


def went(subscription: Subscription, now: datetime) -> Subscription:
    sweeping.drain(now)
    subscription.refresh_from_db()
    return subscription


def days() -> list[str]:
    return [f"{invoice.lines.get().name}" for invoice in Invoice.objects.order_by("pk")]


def test_each_period_is_billed_once_and_keeps_its_day_of_the_month() -> None:
    care = begun()
    assert care.period_end is not None
    assert (care.period_end.month, care.period_end.day) == (2, 28)

    went(care, JANUARY + timedelta(days=27))
    assert not Invoice.objects.exists()
    went(care, JANUARY + timedelta(days=28))
    went(care, JANUARY + timedelta(days=28))

    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.number, invoice.total, invoice.subscription) == ("sent", "R-00001", 10, care)
    assert days() == ["Care, 28 February 2026 to 30 March 2026"]
    assert (care.period_end.month, care.period_end.day, care.status) == (3, 31, "active")


def test_what_was_missed_is_caught_up_with() -> None:
    care = went(begun(), datetime(2026, 5, 1, 12, tzinfo=UTC))

    assert Invoice.objects.count() == 3
    assert care.period_end is not None
    assert (care.period_end.month, care.period_end.day) == (5, 31)


def test_free_days_end_with_the_first_invoice() -> None:
    care = begun(trial_days=14)

    went(care, JANUARY + timedelta(days=14))

    assert (care.status, Invoice.objects.count()) == ("active", 1)


def test_an_invoice_over_its_day_makes_it_overdue_until_it_is_paid() -> None:
    care = went(begun(), JANUARY + timedelta(days=28))
    invoice = Invoice.objects.get()
    assert invoice.due_on is not None
    due = datetime(invoice.due_on.year, invoice.due_on.month, invoice.due_on.day, 12, tzinfo=UTC)

    assert went(care, due).status == "active"
    late = due + timedelta(days=1)
    assert went(care, late).status == "overdue"
    paying.record(Decimal(10), "EUR", invoice=invoice, now=late)
    care.refresh_from_db()

    assert care.status == "active"
    told = Event.objects.filter(type="subscription.status_changed").order_by("pk")
    assert [event.data["new_status"] for event in told] == ["active", "overdue", "active"]
    assert Payment.objects.get().subscription == care


def test_a_voided_invoice_makes_nobody_late() -> None:
    care = went(begun(), JANUARY + timedelta(days=28))
    late = JANUARY + timedelta(days=55)
    assert went(care, late).status == "overdue"

    invoicing.void(Invoice.objects.get(), late)

    care.refresh_from_db()
    assert care.status == "active"


def test_cancelled_at_the_end_of_what_is_paid_it_is_billed_no_more_and_ends() -> None:
    care = begun()
    subscribing.cancel(care, at_period_end=True, now=JANUARY + timedelta(days=1))

    assert went(care, JANUARY + timedelta(days=27)).status == "active"
    assert went(care, JANUARY + timedelta(days=28)).status == "canceled"
    assert not Invoice.objects.exists()


def test_without_a_series_and_with_another_system_nothing_is_billed() -> None:
    care, later = begun(billed=False), JANUARY + timedelta(days=200)
    other = begun()
    Subscription.objects.filter(pk=other.pk).update(gateway="stripe", external_id="sub_1")

    went(care, later)

    assert not Invoice.objects.exists()
    assert renewing.due_lanes(later) == set()


def test_an_order_with_an_invoice_is_renewed_in_its_series() -> None:
    form = make.order_form(make.price("10", "Care", interval="month"), series=make.series())

    make.send(form)

    care = Subscription.objects.get()
    assert (care.series, care.status) == (form.series, "incomplete")
    went(care, JANUARY + timedelta(days=4000))
    assert Invoice.objects.filter(subscription=care).count() == 0


def test_nothing_is_looked_for_in_the_fast_lane() -> None:
    begun()

    assert renewing.work(Lane.FAST, JANUARY + timedelta(days=28)) == 0
    assert renewing.due_lanes(JANUARY + timedelta(days=28)) == {Lane.BULK}
