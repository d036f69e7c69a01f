"""Subscriptions as other systems tell them, each time as a whole: the newest counts."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from commerce import mirroring
from commerce.customers import Told, contact_of
from commerce.models import Price, Subscription

# Of two that were told in the same moment, which is the later one in a subscription's life.
RANK: Final = {
    "incomplete": 0, "scheduled": 1, "trial": 2, "active": 3, "overdue": 4, "unpaid": 5, "canceled": 6, "expired": 7,
    "incomplete_expired": 8,
}  # fmt: skip


@dataclass(frozen=True)
class SubscriptionTold:
    """A subscription as it stood at the moment `at`."""

    number: str
    at: datetime
    status: str
    amount: Decimal
    currency: str
    customer: Told = field(default_factory=Told)
    price: Price | None = None
    name: str = ""
    quantity: int = 1
    interval: str = "month"
    interval_count: int = 1
    started_at: datetime | None = None
    period_end: datetime | None = None
    cancel_at: datetime | None = None
    canceled_at: datetime | None = None


def note(gateway: str, told: SubscriptionTold) -> tuple[Subscription, bool]:
    """The subscription, and whether that was news; what is older than what it holds changes nothing."""
    row = mirroring.held(Subscription, gateway, told.number)
    if not mirroring.is_news(row, told.at, RANK[told.status]):
        return row, False
    for name in (
        "status", "amount", "currency", "price", "quantity", "interval", "interval_count", "started_at", "period_end",
        "cancel_at", "canceled_at",
    ):  # fmt: skip
        setattr(row, name, getattr(told, name))
    row.product = told.price.product if told.price else None
    row.name = told.name[:200]
    row.external_customer = told.customer.number
    row.contact = contact_of(gateway, told.customer) or row.contact
    mirroring.note(row, told.at, RANK[told.status])
    row.save()
    return row, True
