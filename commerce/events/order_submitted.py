"""An order has its transaction: it was paid, or costs nothing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from commerce.order_events import OrderOptions, OrderTold, of_orders
from commerce.telling import Became, every
from triggers.event_types import event


@event("order.submitted", label=_("Order submitted"), section="Payment Triggers")
class OrderSubmitted(OrderTold, Became, model="commerce.Order", watch=("submitted_at",)):
    """An order has a transaction: its first payment worked, or there is nothing to pay.

    Once per order, however many products it has; a renewal of a subscription is an order of its own.
    """

    Options = OrderOptions

    @classmethod
    def columns(cls) -> set[str]:
        return super().columns() | {"submitted_at"}

    @classmethod
    def is_so(cls, values: dict[str, Any]) -> bool:
        return values["submitted_at"] is not None

    @classmethod
    def narrow(cls, options: OrderOptions) -> dict[str, Any] | None:
        return every(of_orders(options))
