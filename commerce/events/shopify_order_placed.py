"""A Shopify store has a new order."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from commerce.order_events import OrderTold, ProductOptions, of_products
from commerce.telling import every
from triggers.event_types import Created, Row, event


@event("shopify.order_placed", label=_("Shopify order placed"), section="Shopify Triggers")
class ShopifyOrderPlaced(OrderTold, Created, model="commerce.Order"):
    """A Shopify store has a new order, paid or not. `number` is what the store calls it."""

    Options = ProductOptions

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        return bool(row.after["gateway"] == "shopify")

    @classmethod
    def narrow(cls, options: ProductOptions) -> dict[str, Any] | None:
        return every(of_products(options))
