"""A payment of an order failed."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from commerce.order_events import OrderOptions, OrderTold, of_orders
from commerce.telling import Became, every, leaf
from triggers.event_types import event


class FailureOptions(OrderOptions):
    """Which failures start it; what is left empty means any."""

    gateways: list[str] = Field(default=[], title=gettext_noop("At which provider, such as stripe"))
    reason: str = Field(default="", max_length=80, title=gettext_noop("For which reason, by the provider's code"))


@event("order.failed", label=_("Order failed"), section="Payment Triggers")
class OrderFailed(OrderTold, Became, model="commerce.Order", watch=("failed_attempts",)):
    """A payment of an order failed. Each attempt counts: `failed_attempts` is 1 for the first."""

    Options = FailureOptions

    failed_attempts: int = 1
    failure_code: str = ""
    failure_message: str = ""

    @classmethod
    def is_so(cls, values: dict[str, Any]) -> bool:
        return bool(values["failed_attempts"] > 0)

    @classmethod
    def narrow(cls, options: FailureOptions) -> dict[str, Any] | None:
        found = of_orders(options)
        if options.gateways:
            found.append(leaf("gateway", "is_any_of", options.gateways))
        if options.reason:
            found.append(leaf("failure_code", "is", options.reason))
        return every(found)
