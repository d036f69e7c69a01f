"""A checkout of a Shopify store has fallen silent."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from pydantic import Field

from commerce.checkouts import Silent, silent
from commerce.telling import AmountOptions, TagOptions, every, of_amount, of_tags
from contacts import money
from triggers.event_types import Due, Occurrence, event


class SilenceOptions(AmountOptions, TagOptions):
    """After how many minutes of silence, and of which carts."""

    minutes: int = Field(default=30, ge=5, le=43_200, title=gettext_noop("After so many minutes"))

    def in_words(self) -> str:
        """Such as: after 30 minutes."""
        told = ngettext("after %(n)d minute", "after %(n)d minutes", self.minutes)
        return told % {"n": self.minutes}


@event("shopify.checkout_abandoned", label=gettext_lazy("Checkout abandoned"), section="Shopify Triggers")
class ShopifyCheckoutAbandoned(Due):
    """A checkout of a Shopify store was not completed, and nothing was done in it for so long. Once for a checkout.

    An order ends it. `contact_id` is empty where neither e-mail nor phone was entered yet.
    """

    Options = SilenceOptions

    checkout_id: int
    contact_id: int | None
    email: str = ""
    phone: str = ""
    total: Decimal
    currency: str = ""
    checkout_url: str = ""
    product_names: list[str] = []
    items: list[dict[str, Any]] = []
    abandoned_at: datetime

    def subject(self) -> tuple[str, int | None]:
        return "commerce.checkout", self.checkout_id

    @classmethod
    def due(cls, options: SilenceOptions, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        for each in silent(options.minutes, since, until):
            yield Occurrence(cls.model_validate(_told(each)), each.moment, each.key)

    @classmethod
    def narrow(cls, options: SilenceOptions) -> dict[str, Any] | None:
        return every([*of_amount(options, "total"), *of_tags(options)])


def _told(each: Silent) -> dict[str, Any]:
    row = each.row
    told = {name: row[name] for name in ("contact_id", "email", "phone", "currency", "items")}
    return {
        **told, "checkout_id": row["pk"], "total": money.plain(row["total"], row["currency"]),
        "checkout_url": row["url"], "product_names": [item.get("name", "") for item in row["items"]],
        "abandoned_at": row["active_at"],
    }  # fmt: skip
