"""A subscription began, or its status changed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from commerce.keys import ProductNumber
from commerce.telling import AmountOptions, Became, TagOptions, every, leaf, moved, of_amount, of_tags, one_of, plain
from triggers.event_types import Row, event

Status = Literal[
    "incomplete", "incomplete_expired", "scheduled", "trial", "active", "overdue", "unpaid", "canceled", "expired"
]


class SubscriptionOptions(AmountOptions, TagOptions):
    """Which subscriptions start it; what is left empty means any."""

    statuses: list[Status] = Field(default=[], title=gettext_noop("It is now"))
    not_statuses: list[Status] = Field(default=[], title=gettext_noop("It is now none of these"))
    products: list[ProductNumber] = Field(
        default=[], title=gettext_noop("Of one of these products"), json_schema_extra={"source": "product"}
    )
    not_products: list[ProductNumber] = Field(
        default=[], title=gettext_noop("Of none of these products"), json_schema_extra={"source": "product"}
    )
    has_product: Literal["yes", "no"] | None = Field(
        default=None,
        title=gettext_noop("Is it of a product of ours?"),
        json_schema_extra={"labels": {"yes": gettext_noop("Yes"), "no": gettext_noop("No")}},
    )


@event("subscription.status_changed", label=_("Subscription status changed"), section="Payment Triggers")
class SubscriptionStatusChanged(Became, model="commerce.Subscription", watch=("status",)):
    """A subscription began, or its status changed."""

    Options = SubscriptionOptions

    subscription_id: int
    contact_id: int | None
    status: Status
    new_status: Status
    old_status: Status | None = None
    name: str = ""
    product_id: int | None = None
    price_id: int | None = None
    quantity: int = 1
    amount: Decimal
    currency: str
    interval: str = "month"
    interval_count: int = 1
    period_end: datetime | None = None
    cancel_at: datetime | None = None
    gateway: str = ""

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return {row.pk: {**plain(row, "amount"), **moved(row)} for row in rows}

    @classmethod
    def narrow(cls, options: SubscriptionOptions) -> dict[str, Any] | None:
        found = [*one_of("new_status", options.statuses), *one_of("product_id", options.products)]
        if options.not_statuses:
            found.append(leaf("new_status", "is_none_of", options.not_statuses))
        if options.not_products:
            none_of = leaf("product_id", "is_none_of", options.not_products)
            # of no product is of none of these either; a comparison with nothing alone would be false
            found.append({"any": [none_of, {"field": "event.product_id", "op": "is_not_set"}]})
        if options.has_product:
            found.append(
                {"field": "event.product_id", "op": "is_set" if options.has_product == "yes" else "is_not_set"}
            )
        return every([*found, *of_amount(options, "amount"), *of_tags(options)])
