"""Payments as purchases that may be credited to affiliates: commerce tells of them, affiliates knows what they earn."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from affiliates import crediting
from affiliates.crediting import Purchase
from commerce.models import Payment, Subscription
from triggers.matching.followers import followers
from triggers.models import Event

SOURCE: Final = "payments"
# Events that say of which payment they are.
HEARD: Final = ("payment.received", "refund.processed")


def register() -> None:
    followers["affiliate sales"] = note
    crediting.sources[SOURCE] = purchases


def note(events: Sequence[Event], now: datetime) -> None:
    """The payments that were received or given back are to be looked at. A replay is told to one workflow alone."""
    heard = [event for event in events if event.type in HEARD and event.only_workflow is None]
    numbers = [str(event.data["payment_id"]) for event in heard if event.data.get("payment_id")]
    if numbers:
        crediting.note(SOURCE, numbers)


def purchases(numbers: Collection[str]) -> dict[str, Purchase]:
    """The payments that were received, as they are now; two queries."""
    rows = Payment.objects.filter(pk__in=[int(number) for number in numbers], status=Payment.Status.SUCCEEDED)
    found = list(rows.select_related("contact", "order__contact", "invoice", "subscription"))
    begun = _begun({row.order_id for row in found if row.order_id})
    return {str(row.pk): _purchase(row, row.subscription or begun.get(row.order_id or 0)) for row in found}


def _begun(orders: Collection[int]) -> dict[int, Subscription]:
    """By order the first of the subscriptions that it began."""
    return {row.order_id: row for row in Subscription.objects.filter(order__in=orders).order_by("-pk") if row.order_id}


def _purchase(row: Payment, subscription: Subscription | None) -> Purchase:
    order, invoice = row.order, row.invoice
    moments = (order.placed_at if order else None, subscription.started_at if subscription else None, row.paid_at)
    return Purchase(
        external_id=str(row.pk), buyer=row.contact or (order.contact if order else None), amount=row.amount,
        refunded=row.refunded, currency=row.currency, ordered_at=min(at for at in moments if at is not None),
        paid_at=row.paid_at, series=f"subscription {subscription.pk}" if subscription else "",
        reference=(str(order) if order else "") or (str(invoice) if invoice else "") or str(row),
    )  # fmt: skip
