"""shopify.order_placed: a new order of a store, once."""

import pytest

from commerce.tests import make
from commerce.tests.events import shopify_make
from contacts.tests import make as contacts
from contacts.tests.events.narrowing import starts

pytestmark = pytest.mark.django_db


def test_a_new_order_is_told_once_and_orders_of_our_own_are_not() -> None:
    for _twice in range(2):
        order = shopify_make.order()
    make.order(order.contact)

    [event] = contacts.events("shopify.order_placed")
    assert (event.contact_id, event.data["number"], event.data["product_names"]) == (
        order.contact_id,
        "#1001",
        ["Oak oil"],
    )
    assert starts(event, amount_min=24)
    assert not starts(event, amount_min=25)
