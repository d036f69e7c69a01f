"""What is done to orders of our own: placed, settled by their payments, delivered, cancelled."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from commerce import subscribing, totals
from commerce.customers import billed
from commerce.models import Order, Payment, Price
from contacts import money
from contacts.models import Contact
from triggers.problems import Invalid, Problem

Status = Order.Status
# How far a status is on its way: what arrives late does not bring an order back.
RANK: Final[dict[str, int]] = {"pending": 0, "failed": 1, "cancelled": 2, "paid": 3, "refunded": 4}
SUCCEEDED: Final = Q(status=Payment.Status.SUCCEEDED)


def item(price: Price, quantity: int, kind: str = "primary") -> dict[str, Any]:
    """One item of an order as it is kept: what it was called and what it cost at that moment; free days cost nothing."""
    code, each = price.currency, Decimal(0) if price.trial_days else price.amount
    return {
        "product_id": price.product_id, "price_id": price.pk, "name": str(price), "quantity": quantity,
        "unit_amount": money.plain(each, code), "tax_rate": f"{Decimal(price.product.tax_rate).normalize():f}",
        "amount": money.plain(totals.of_line(quantity, each, code), code), "kind": kind,
    }  # fmt: skip


def currency_of(prices: Iterable[Price]) -> str:
    """The one currency of these prices. Raises ValidationError where there are several, or no price at all."""
    codes = {price.currency for price in prices}
    if not codes:
        raise ValidationError({"items": _("Choose at least one product.")})
    if len(codes) > 1:
        words = {"currencies": ", ".join(sorted(codes))}
        raise ValidationError({"items": _("One order has one currency; these have several: %(currencies)s.") % words})
    return str(codes.pop())


@transaction.atomic
def place(
    contact: Contact | None,
    chosen: Iterable[tuple[Price, int, str]],
    *,
    source: str,
    now: datetime | None = None,
    tax_included: bool = True,
    discount: Decimal = Decimal(0),
    **columns: Any,
) -> Order:
    """A new order of these prices, each with its quantity and kind. Raises ValidationError by field.

    What costs nothing is paid, and so submitted, at once.
    """
    picked, now = [each for each in chosen if each[1] > 0], now or timezone.now()
    code = currency_of(price for price, _n, _kind in picked)
    items = [item(*each) for each in picked]
    sums = totals.total(charges(items), code, discount=discount, tax_included=tax_included)
    free = sums.total == 0
    made: Order = Order.objects.create(
        contact=contact, items=items, currency=code, source=source, placed_at=now, created_at=now, **sums._asdict(),
        status=Status.PAID if free else Status.PENDING, submitted_at=now if free else None,
        **{**billed(contact), **columns},
    )  # fmt: skip
    return made


def charges(items: Iterable[Mapping[str, Any]]) -> list[totals.Charge]:
    return [totals.Charge(Decimal(each["amount"]), Decimal(each.get("tax_rate") or 0)) for each in items]


def settle(order: Order, now: datetime) -> None:
    """Brings an order of ours in step with its payments; the caller's transaction."""
    _lock(order)
    paid = order.payments.filter(SUCCEEDED).aggregate(paid=Sum("amount"), back=Sum("refunded"))
    received, back = paid["paid"] or Decimal(0), paid["back"] or Decimal(0)
    if received and back >= received:
        order.status = Status.REFUNDED
    elif received >= order.total:
        order.status = Status.PAID
    if received and order.submitted_at is None:
        order.submitted_at = now
    order.save()
    if order.status == Status.PAID:
        subscribing.activate(order)


@transaction.atomic
def fail(order: Order) -> None:
    """Notes the payments of it that failed: the order waits for another, unless it is paid or cancelled."""
    _lock(order)
    failed = order.payments.filter(status=Payment.Status.FAILED)
    latest = failed.order_by("paid_at", "pk").last()
    if latest is None:
        return
    order.failed_attempts = max(order.failed_attempts, failed.count())
    order.failure_code, order.failure_message = latest.failure_code, latest.failure_message
    if RANK[order.status] < RANK["failed"]:
        order.status = Status.FAILED
    order.save()


@transaction.atomic
def cancel(order: Order, now: datetime | None = None) -> None:
    """Cancels an order. Raises Invalid where it was paid: that is given back first."""
    _lock(order)
    if order.status == Status.CANCELLED:
        return
    if order.status == Status.PAID and order.total:
        raise Invalid([Problem((), _("The order is paid. Give the money back, then it counts as refunded."))])
    order.status, order.cancelled_at = Status.CANCELLED, now or timezone.now()
    order.save()


@transaction.atomic
def fulfil(order: Order, now: datetime | None = None) -> None:
    """Marks everything of the order as delivered; again changes nothing."""
    _lock(order)
    if order.fulfilment == Order.Fulfilment.FULFILLED:
        return
    if order.status == Status.CANCELLED:
        raise Invalid([Problem((), _("The order was cancelled; nothing of it is to be delivered."))])
    order.fulfilment, order.fulfilled_at = Order.Fulfilment.FULFILLED, now or timezone.now()
    order.fulfilled_items = order.items
    order.save()


def _lock(order: Order) -> None:
    order.refresh_from_db(from_queryset=Order.objects.select_for_update(of=("self",)))
