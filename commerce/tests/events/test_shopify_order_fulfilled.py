"""shopify.order_fulfilled: a part of an order was delivered, or all of it."""

from datetime import timedelta

import pytest

from commerce.tests import make
from commerce.tests.events import shopify_make
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import starts

pytestmark = pytest.mark.django_db


def test_a_part_then_the_whole_and_nothing_late_takes_it_back() -> None:
    shopify_make.order()
    for minute, state in ((1, "partial"), (2, "fulfilled"), (0, "partial")):
        order = shopify_make.order(
            at=make.NOON + timedelta(minutes=minute), fulfilment=state, tracking={"number": "Z1"}
        )

    part, whole = contacts.events("shopify.order_fulfilled")
    assert (order.fulfilment, part.data["is_partial"], whole.data["is_partial"]) == ("fulfilled", True, False)
    assert whole.data["tracking"] == {"number": "Z1"}
    assert starts(part, extent="part")
    assert not starts(part, extent="whole")


def test_each_part_is_told_and_nothing_twice() -> None:
    shopify_make.order()
    parts = [[{"name": "Oil"}], [{"name": "Oil"}, {"name": "Wax"}], [{"name": "Oil"}, {"name": "Soap"}]]
    for minute, items in enumerate(parts, 1):
        for _twice in range(2):
            at = make.NOON + timedelta(minutes=minute)
            shopify_make.order(at=at, fulfilment="partial", fulfilled_items=items)

    told = contacts.events("shopify.order_fulfilled")
    assert [len(event.data["fulfilled_items"]) for event in told] == [1, 2]
