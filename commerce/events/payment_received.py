"""A charge was attempted: it worked or failed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from commerce.models import Order
from commerce.order_events import ProductOptions, of_items, of_products
from commerce.telling import Became, PaymentSource, every, leaf, moved, one_of, plain
from triggers.event_types import Row, event

Kind = Literal["customer_present", "customer_not_present", "subscription"]


class PaymentOptions(ProductOptions):
    """Which payments start it; what is left empty means any."""

    statuses: list[Literal["succeeded", "failed"]] = Field(
        default=[],
        title=gettext_noop("How it went"),
        json_schema_extra={"labels": {"succeeded": gettext_noop("Received"), "failed": gettext_noop("Failed")}},
    )
    sources: list[PaymentSource] = Field(default=[], title=gettext_noop("From which source"))
    not_sources: list[PaymentSource] = Field(default=[], title=gettext_noop("From none of these sources"))
    sub_source: str = Field(default="", max_length=60, title=gettext_noop("Source in detail"))
    kinds: list[Kind] = Field(
        default=[],
        title=gettext_noop("Kind of payment"),
        json_schema_extra={
            "labels": {
                "customer_present": gettext_noop("Customer was there"),
                "customer_not_present": gettext_noop("Customer was not there"),
                "subscription": gettext_noop("Subscription"),
            }
        },
    )
    gateways: list[str] = Field(default=[], title=gettext_noop("At which provider, such as stripe"))


@event("payment.received", label=_("Payment received or failed"), section="Payment Triggers")
class PaymentReceived(Became, model="commerce.Payment", watch=("status",)):
    """A charge was attempted, and worked or failed; renewals of subscriptions too. Each attempt is told once."""

    Options = PaymentOptions
    telling = ("source", "method")

    payment_id: int
    contact_id: int | None
    status: Literal["succeeded", "failed"]
    new_status: Literal["succeeded", "failed"]
    old_status: str | None = None
    amount: Decimal
    currency: str
    source: PaymentSource = "manual"
    sub_source: str = ""
    kind: Kind = "customer_present"
    gateway: str = ""
    external_id: str | None = None
    method: str = ""
    card_brand: str = ""
    card_last4: str = ""
    failure_code: str = ""
    failure_message: str = ""
    order_id: int | None = None
    invoice_id: int | None = None
    subscription_id: int | None = None
    product_ids: list[str] = []
    price_ids: list[str] = []
    product_names: list[str] = []
    paid_at: datetime

    @classmethod
    def named(cls, data: Mapping[str, Any]) -> Any:
        return _("Payment failed") if data.get("status") == "failed" else _("Payment received")

    @classmethod
    def is_so(cls, values: dict[str, Any]) -> bool:
        return values["status"] in ("succeeded", "failed")

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        orders = {row.after["order_id"] for row in rows if row.after["order_id"]}
        items = dict(Order.objects.filter(pk__in=orders).values_list("pk", "items")) if orders else {}
        return {
            row.pk: {**plain(row, "amount"), **moved(row), **of_items(items.get(row.after["order_id"], []))}
            for row in rows
        }

    @classmethod
    def narrow(cls, options: PaymentOptions) -> dict[str, Any] | None:
        found = [*one_of("new_status", options.statuses), *one_of("source", options.sources)]
        found += [*one_of("kind", options.kinds), *one_of("gateway", options.gateways)]
        if options.not_sources:
            found.append(leaf("source", "is_none_of", options.not_sources))
        if options.sub_source:
            found.append(leaf("sub_source", "is", options.sub_source))
        return every([*found, *of_products(options, "amount")])
