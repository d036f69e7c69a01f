"""A Shopify order was delivered, or a part of it."""

from collections.abc import Sequence
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from commerce.order_events import OrderTold, ProductOptions, of_products
from commerce.telling import Became, every, leaf
from triggers.event_types import Row, event


class DeliveryOptions(ProductOptions):
    """Which deliveries start it; what is left empty means any."""

    extent: Literal["whole", "part"] | None = Field(
        default=None,
        title=gettext_noop("How much was delivered"),
        json_schema_extra={"labels": {"whole": gettext_noop("Everything"), "part": gettext_noop("A part")}},
    )


@event("shopify.order_fulfilled", label=_("Shopify order fulfilled"), section="Shopify Triggers")
class ShopifyOrderFulfilled(OrderTold, Became, model="commerce.Order", watch=("fulfilment", "fulfilled_items")):
    """A Shopify order was delivered, or a part of it, each part by itself: `is_partial` tells which."""

    Options = DeliveryOptions

    is_partial: bool = False
    fulfilled_items: list[dict[str, Any]] = []
    tracking: dict[str, Any] = {}

    @classmethod
    def columns(cls) -> set[str]:
        return super().columns() | {"fulfilment"}

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        if row.before is None or "fulfilment" in changes:
            return super().fires(row, changes)
        # Not where what was delivered is only told otherwise.
        more = len(row.after["fulfilled_items"]) > len(row.before["fulfilled_items"])
        return more and super().fires(row, changes)

    @classmethod
    def is_so(cls, values: dict[str, Any]) -> bool:
        return bool(values["gateway"] == "shopify" and values["fulfilment"] != "none")

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        told = super().extras(rows)
        return {row.pk: {**told[row.pk], "is_partial": row.after["fulfilment"] == "partial"} for row in rows}

    @classmethod
    def narrow(cls, options: DeliveryOptions) -> dict[str, Any] | None:
        found = of_products(options)
        return every([*found, leaf("is_partial", "is", options.extent == "part")] if options.extent else found)
