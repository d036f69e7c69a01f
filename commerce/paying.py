"""Payments and refunds: each attempt is kept, and what it pays for follows. Never more is given back than was paid."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commerce import invoicing, ordering
from commerce.models import Invoice, Order, Payment, Refund
from contacts import money
from triggers.problems import Invalid, Problem

Status = Payment.Status


@transaction.atomic
def record(amount: Decimal, currency: str, *, now: datetime | None = None, **columns: Any) -> Payment:
    """A payment that was received, or one that failed, noted by hand or over the API. Raises Invalid by field.

    What it is for says whose it is, and in which currency it has to be.
    """
    now = now or timezone.now()
    subject = columns.get("invoice") or columns.get("order")
    if subject is not None and subject.currency != currency:
        words = {"theirs": subject.currency, "ours": currency}
        raise Invalid([Problem(("currency",), _("It is owed in %(theirs)s, and was paid in %(ours)s.") % words)])
    if isinstance(columns.get("invoice"), Invoice):
        _check_invoice(columns["invoice"])
        columns.setdefault("subscription", columns["invoice"].subscription)
    require_amount(amount, currency)
    status = columns.pop("status", Status.SUCCEEDED)
    contact = columns.pop("contact", None) or (subject.contact if subject is not None else None)
    payment: Payment = Payment.objects.create(
        amount=amount, currency=currency, status=status, contact=contact, created_at=now,
        **{"paid_at": now, "source": _source(columns), **columns},
    )  # fmt: skip
    follow(payment, now)
    return payment


def require_amount(amount: Decimal, currency: str) -> None:
    """Raises Invalid unless it is an amount above nothing, in the decimals of the currency."""
    if amount <= 0:
        raise Invalid([Problem(("amount",), _("Enter an amount above nothing."))])
    if amount != money.rounded(amount, currency):
        raise Invalid([Problem(("amount",), _("%(currency)s has fewer decimals.") % {"currency": currency})])


def follow(payment: Payment, now: datetime) -> None:
    """Brings what is paid for in step with the payment, however often; the caller's transaction."""
    order = payment.order or (payment.invoice.order if payment.invoice else None)
    if order is not None and payment.order_id is None:
        payment.order = order
        payment.save()
    if payment.invoice is not None and not payment.invoice.gateway:
        invoicing.settle(payment.invoice, now)
    if order is not None and payment.status == Status.FAILED:
        ordering.fail(order)
    elif order is not None and payment.status == Status.SUCCEEDED and not order.gateway:
        ordering.settle(order, now)


@transaction.atomic
def refund(
    payment: Payment, amount: Decimal | None = None, *, reason: str = "", now: datetime | None = None, **columns: Any
) -> Refund:
    """Gives back so much of a payment, or all that is left of it. Raises Invalid where that is not to be had."""
    now = now or timezone.now()
    lock(payment)
    if payment.status != Status.SUCCEEDED:
        raise Invalid([Problem((), _("This payment was never received; there is nothing to give back."))])
    wanted = payment.refundable if amount is None else amount
    words = {"left": money.shown(payment.refundable, payment.currency)}
    if wanted > payment.refundable or payment.refundable == 0:
        raise Invalid([Problem(("amount",), _("Only %(left)s is left of this payment.") % words)])
    require_amount(wanted, payment.currency)
    payment.refunded += wanted
    payment.save()
    given = {"status": Refund.Status.SUCCEEDED, "refunded_at": now, "created_at": now, **columns}
    made: Refund = Refund.objects.create(
        payment=payment, amount=wanted, currency=payment.currency, reason=reason[:300], **given
    )
    gave_back(payment, now)
    return made


def gave_back(payment: Payment, now: datetime) -> None:
    """Brings the order in step with what was given back; the caller's transaction."""
    order = payment.order or (payment.invoice.order if payment.invoice else None)
    if order is None or payment.status != Status.SUCCEEDED:
        return
    if not order.gateway:
        ordering.settle(order, now)
    elif payment.refunded >= payment.amount > 0 and ordering.RANK[order.status] < ordering.RANK["refunded"]:
        order.status = Order.Status.REFUNDED
        order.save()


def lock(payment: Payment) -> None:
    payment.refresh_from_db(from_queryset=Payment.objects.select_for_update(of=("self",)))


def _check_invoice(invoice: Invoice) -> None:
    if invoice.status in (Invoice.Status.DRAFT, Invoice.Status.VOID):
        raise Invalid([Problem(("invoice",), _("This invoice was not sent, or was voided: nothing is owed on it."))])


def _source(columns: dict[str, Any]) -> str:
    if columns.get("invoice") is not None:
        return Payment.Source.INVOICE
    order = columns.get("order")
    if order is not None and order.source == Order.Source.FORM:
        return Payment.Source.FORM
    return Payment.Source.MANUAL
