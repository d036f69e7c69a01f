"""Payments and refunds as other systems tell them: a status only ever goes up, what is empty is filled in."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from commerce import mirroring, paying
from commerce.customers import Told, contact_of
from commerce.models import Invoice, Order, Payment, Refund, Subscription

M = TypeVar("M", Order, Invoice)
RANK: Final = {"pending": 0, "failed": 1, "succeeded": 2}
# A refund that worked may still come back.
REFUND_RANK: Final = {"pending": 0, "succeeded": 1, "failed": 2}
# Of several things told about the source of one payment, the most particular counts.
SOURCES: Final = {"external": 0, "store": 1, "payment_link": 2, "invoice": 3, "subscription": 4}


class Unknown(Exception):
    """A refund of a payment that is not here, or not received yet: it may be told of soon."""


class TooMuch(ValueError):
    """More was given back than the payment was."""


@dataclass(frozen=True)
class PaymentTold:
    """One attempt to charge somebody; `number` is the other system's."""

    number: str
    status: str
    amount: Decimal
    currency: str
    paid_at: datetime
    customer: Told = field(default_factory=Told)
    source: str = "external"
    kind: str = "customer_present"
    intent: str = ""
    method: str = ""
    card_brand: str = ""
    card_last4: str = ""
    failure_code: str = ""
    failure_message: str = ""
    order: Order | None = None
    invoice: Invoice | None = None
    subscription: Subscription | None = None


@dataclass(frozen=True)
class RefundTold:
    """What was given back of the payment that goes by one of these numbers."""

    number: str
    payments: tuple[str, ...]
    status: str
    amount: Decimal
    at: datetime
    reason: str = ""


def note(gateway: str, told: PaymentTold, now: datetime) -> Payment:
    """Stores what is new of it, and brings what it pays for in step."""
    order = told.order or _for_intent(Order, gateway, told.intent)
    invoice = told.invoice or _for_intent(Invoice, gateway, told.intent)
    payment = mirroring.held(
        Payment, gateway, told.number, amount=told.amount, currency=told.currency, source="external"
    )
    is_new, before = payment.pk is None, (payment.status, payment.order_id, payment.invoice_id)
    if is_new or RANK[told.status] > RANK[payment.status]:
        payment.status, payment.amount = told.status, told.amount
    if is_new or SOURCES[told.source] > SOURCES.get(payment.source, 9):
        payment.source, payment.kind = told.source, told.kind
    payment.paid_at = told.paid_at if is_new else min(payment.paid_at, told.paid_at)
    failed = {"failure_code": told.failure_code[:80], "failure_message": told.failure_message[:300]}
    mirroring.fill(
        payment, contact=contact_of(gateway, told.customer), external_customer=told.customer.number,
        intent=told.intent, method=told.method[:40], card_brand=told.card_brand[:40], card_last4=told.card_last4[:4],
        order=order, invoice=invoice,
        subscription=told.subscription or (invoice.subscription if invoice else None),
        **(failed if payment.status == "failed" else {}),
    )  # fmt: skip
    payment.save()
    if before != (payment.status, payment.order_id, payment.invoice_id) or is_new:
        paying.follow(payment, now)
        paying.gave_back(payment, now)
    return payment


def refund(gateway: str, told: RefundTold, now: datetime) -> Refund:
    """Stores what is new of it. Raises Unknown where its payment is not received yet, TooMuch above what that was."""
    payment = _paid(gateway, told)
    refund = mirroring.held(
        Refund, gateway, told.number, payment=payment, amount=told.amount, currency=payment.currency
    )
    is_new = refund.pk is None
    if not is_new and REFUND_RANK[told.status] <= REFUND_RANK[refund.status]:
        return refund
    counted = Decimal(0) if is_new or refund.status == "failed" else refund.amount
    counts = Decimal(0) if told.status == "failed" else told.amount
    if payment.refunded - counted + counts > payment.amount:
        raise TooMuch(told.number)
    payment.refunded += counts - counted
    payment.save()
    refund.status, refund.refunded_at = told.status, told.at
    refund.reason = refund.reason or told.reason[:300]
    refund.save()
    paying.gave_back(payment, now)
    return refund


def _for_intent(model: type[M], gateway: str, intent: str) -> M | None:
    rows: Any = model._default_manager
    found: M | None = rows.filter(gateway=gateway, intent=intent).first() if intent else None
    return found


def link(gateway: str, intent: str, now: datetime, **what: Any) -> None:
    """Says of the payments of an intent that are here already what they were for: an order, an invoice."""
    if not intent:
        return
    for payment in Payment.objects.filter(gateway=gateway, intent=intent):
        before = (payment.order_id, payment.invoice_id)
        mirroring.fill(payment, **what)
        if before != (payment.order_id, payment.invoice_id):
            payment.save()
            paying.follow(payment, now)
            paying.gave_back(payment, now)


def _paid(gateway: str, told: RefundTold) -> Payment:
    rows = Payment.objects.select_for_update(of=("self",))
    found: Payment | None = rows.filter(gateway=gateway, external_id__in=told.payments).first()
    if found is None or found.status != Payment.Status.SUCCEEDED:
        raise Unknown(told.number)
    return found
