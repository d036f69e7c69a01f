"""Orders as stores and payment pages tell them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from commerce import mirroring
from commerce.customers import Told, contact_of
from commerce.models import Order
from commerce.ordering import RANK
from commerce.outside import payments

FULFILMENT: Final = {"none": 0, "partial": 1, "fulfilled": 2}
Items = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class OrderTold:
    """An order as it stood at the moment `at`; `submitted_at` is when it had its transaction."""

    number: str
    at: datetime
    status: str
    total: Decimal
    currency: str
    source: str
    placed_at: datetime
    customer: Told = field(default_factory=Told)
    called: str = ""
    intent: str = ""
    items: Items = ()
    subtotal: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    coupon: str = ""
    shipping: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    fulfilment: str = "none"
    fulfilled_at: datetime | None = None
    fulfilled_items: Items = ()
    tracking: dict[str, Any] = field(default_factory=dict)
    submitted_at: datetime | None = None
    cancelled_at: datetime | None = None
    failure: tuple[str, str] | None = None


def note(gateway: str, told: OrderTold, now: datetime) -> tuple[Order, bool]:
    """The order, and whether that was news.

    What it costs and holds is told as a whole, the newest counts. Its status and delivery only go up: a payment that was
    given back is not received again by a message that comes late.
    """
    row = mirroring.held(Order, gateway, told.number)
    rank = RANK[told.status] * 10 + FULFILMENT[told.fulfilment]
    is_news = mirroring.is_news(row, told.at, rank)
    if is_news:
        _whole(row, told, gateway)
        mirroring.note(row, told.at, rank)
    if row.pk is None or RANK[told.status] > RANK[row.status]:
        row.status = told.status
    if row.pk is None or FULFILMENT[told.fulfilment] > FULFILMENT[row.fulfilment]:
        row.fulfilment = told.fulfilment
    for name in ("submitted_at", "cancelled_at", "fulfilled_at"):
        setattr(row, name, mirroring.earlier(getattr(row, name), getattr(told, name)))
    if told.failure is not None and row.failed_attempts == 0:
        row.failed_attempts, (row.failure_code, row.failure_message) = 1, told.failure
    mirroring.fill(row, intent=told.intent)
    row.save()
    payments.link(gateway, row.intent, now, order=row)
    return row, is_news


def _whole(row: Order, told: OrderTold, gateway: str) -> None:
    for name in ("total", "currency", "source", "placed_at", "subtotal", "discount", "shipping", "tax", "tracking"):
        setattr(row, name, getattr(told, name))
    row.number, row.coupon = told.called[:60], told.coupon[:80]
    row.items, row.fulfilled_items = list(told.items), list(told.fulfilled_items)
    who = told.customer
    row.customer_name, row.customer_email, row.customer_phone = who.name[:200], who.email[:254], who.phone[:40]
    row.customer_company, row.external_customer = who.company[:200], who.number
    row.contact = contact_of(gateway, who) or row.contact
