"""Orders as a Shopify store tells them."""

from decimal import Decimal
from typing import Any

from commerce.customers import Told
from commerce.models import Order
from commerce.outside import orders
from commerce.outside.orders import OrderTold
from commerce.tests import make


def order(**values: Any) -> Order:
    given = {
        "number": "900", "at": make.NOON, "status": "pending", "total": Decimal(24), "currency": "EUR",
        "source": "store", "placed_at": make.NOON, "customer": Told(email="mia@example.org"), "called": "#1001",
        "items": [{"name": "Oak oil", "quantity": 2, "amount": "24.00"}], **values,
    }  # fmt: skip
    return orders.note("shopify", OrderTold(**given), make.NOON)[0]
