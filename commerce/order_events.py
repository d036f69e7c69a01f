"""What the events of orders tell, and which orders a trigger asks for."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from django.utils.translation import gettext_noop
from pydantic import Field, JsonValue

from commerce.keys import OrderFormNumber, PriceNumber, ProductNumber
from commerce.telling import AmountOptions, TagOptions, Tree, leaf, of_amount, of_tags, one_of, plain
from triggers.event_types import EventType, Row

Source = Literal["form", "store", "payment_link", "invoice", "subscription", "workflow", "manual", "api"]
SOURCES: Final[dict[str, JsonValue]] = {
    "form": gettext_noop("Order form"), "store": gettext_noop("Store"), "payment_link": gettext_noop("Payment link"),
    "invoice": gettext_noop("Invoice"), "subscription": gettext_noop("Subscription"),
    "workflow": gettext_noop("Workflow"), "manual": gettext_noop("By hand"), "api": gettext_noop("API"),
}  # fmt: skip
AMOUNTS = ("subtotal", "discount", "shipping", "tax", "total")


class OrderTold(EventType):
    """What an event tells of its order, as it was at that moment."""

    order_id: int
    contact_id: int | None
    number: str = ""
    total: Decimal
    currency: str
    source: Source = "manual"
    sub_source: str = ""
    submission: Literal["primary", "bump", "upsell"] = "primary"
    form_id: int | None = None
    subtotal: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    coupon: str = ""
    shipping: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    gateway: str = ""
    customer_name: str = ""
    customer_email: str = ""
    product_ids: list[str] = []
    price_ids: list[str] = []
    product_names: list[str] = []
    items: list[dict[str, Any]] = []
    placed_at: datetime

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return {row.pk: {**plain(row, *AMOUNTS), **of_items(row.after["items"])} for row in rows}


def of_items(items: Any) -> dict[str, Any]:
    """Which products and prices an order or checkout has, and what they are called."""
    return {
        "product_ids": [str(each["product_id"]) for each in items if each.get("product_id")],
        "price_ids": [str(each["price_id"]) for each in items if each.get("price_id")],
        "product_names": [each.get("name", "") for each in items],
    }


class ProductOptions(AmountOptions, TagOptions):
    """Of which products it starts, and of what amount."""

    products: list[ProductNumber] = Field(
        default=[], title=gettext_noop("With one of these products"), json_schema_extra={"source": "product"}
    )
    not_products: list[ProductNumber] = Field(
        default=[], title=gettext_noop("Without any of these products"), json_schema_extra={"source": "product"}
    )
    prices: list[PriceNumber] = Field(
        default=[], title=gettext_noop("At one of these prices"), json_schema_extra={"source": "price"}
    )


class OrderOptions(ProductOptions):
    """Which orders start it; what is left empty means any."""

    sources: list[Source] = Field(
        default=[], title=gettext_noop("From which source"), json_schema_extra={"labels": SOURCES}
    )
    sub_source: str = Field(default="", max_length=60, title=gettext_noop("Source in detail"))
    forms: list[OrderFormNumber] = Field(
        default=[], title=gettext_noop("From which order form"), json_schema_extra={"source": "order form"}
    )
    submissions: list[Literal["primary", "bump", "upsell"]] = Field(
        default=[],
        title=gettext_noop("Which kind of sale"),
        json_schema_extra={
            "labels": {
                "primary": gettext_noop("First sale"),
                "bump": gettext_noop("With an addition"),
                "upsell": gettext_noop("Bought afterwards"),
            }
        },
    )


def of_products(options: ProductOptions, amount: str = "total") -> list[Tree]:
    found = [*of_amount(options, amount), *of_tags(options)]
    if options.products:
        found.append(leaf("product_ids", "has_any", _texts(options.products)))
    if options.not_products:
        found.append(leaf("product_ids", "has_none", _texts(options.not_products)))
    if options.prices:
        found.append(leaf("price_ids", "has_any", _texts(options.prices)))
    return found


def _texts(numbers: list[int]) -> list[str]:
    """Sets are compared as texts."""
    return [str(number) for number in numbers]


def of_orders(options: OrderOptions) -> list[Tree]:
    found = [*of_products(options), *one_of("source", options.sources), *one_of("submission", options.submissions)]
    found += one_of("form_id", options.forms)
    return [*found, leaf("sub_source", "is", options.sub_source)] if options.sub_source else found
