"""order.failed: each payment of an order that failed."""

from decimal import Decimal

import pytest

from commerce import paying
from commerce.tests import make
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import starts

pytestmark = pytest.mark.django_db


def test_each_failed_payment_is_told_with_its_reason() -> None:
    order = make.order()
    failed = {"status": "failed", "failure_code": "card_declined", "failure_message": "Declined."}

    for _attempt in range(2):
        paying.record(Decimal("49.90"), "EUR", order=order, **failed)

    order.refresh_from_db()
    events = contacts.events("order.failed")
    assert [(e.data["failed_attempts"], e.data["failure_code"]) for e in events] == [
        (1, "card_declined"), (2, "card_declined"),
    ]  # fmt: skip
    assert (order.status, order.failure_message) == ("failed", "Declined.")
    assert starts(events[0], reason="card_declined", amount_min="49.90")
    assert not starts(events[0], reason="expired_card")
    assert not starts(events[0], gateways=["stripe"])


def test_a_payment_that_fails_after_the_order_was_paid_leaves_it_paid() -> None:
    order = make.order()
    paying.record(Decimal("49.90"), "EUR", order=order)

    paying.record(Decimal("49.90"), "EUR", order=order, status="failed")

    order.refresh_from_db()
    assert order.status == "paid"
