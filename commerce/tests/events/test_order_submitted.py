"""order.submitted: once an order has its transaction, and once only."""

from decimal import Decimal

import pytest

from commerce import paying
from commerce.tests import make
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import starts

pytestmark = pytest.mark.django_db


def test_the_first_payment_submits_an_order_once() -> None:
    order = make.order()

    for _part in range(2):
        paying.record(Decimal("24.95"), "EUR", order=order, now=make.NOON)

    order.refresh_from_db()
    [event] = contacts.events("order.submitted")
    assert (order.status, order.submitted_at) == ("paid", make.NOON)
    assert (event.contact_id, event.data["total"], event.data["product_names"]) == (
        order.contact_id, "49.90", ["Oak oil"],
    )  # fmt: skip
    assert starts(event, sources=["manual"], submissions=["primary"])
    assert not starts(event, sources=["form"])
    assert not starts(event, sub_source="two_step")


def test_an_order_that_waits_for_its_payment_is_not_submitted() -> None:
    order = make.order()

    paying.record(Decimal("49.90"), "EUR", order=order, status="failed", failure_code="card_declined")

    assert contacts.events("order.submitted") == []
