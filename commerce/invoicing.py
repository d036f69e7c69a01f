"""What is done to invoices: written as drafts, numbered and sent, looked at, paid, voided."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from commerce import subscribing, totals
from commerce.customers import billed
from commerce.models import Invoice, InvoiceLine, InvoiceSeries, Order, Payment
from commerce.models.product import check_places
from contacts.models import Contact
from triggers.models import Organisation
from triggers.problems import Invalid, Problem

Status = Invoice.Status
# How far a status is on its way: what arrives late does not bring an invoice back.
RANK: Final[dict[str, int]] = {"draft": 0, "sent": 1, "viewed": 2, "partly_paid": 3, "void": 4, "paid": 5}
LARGEST: Final = Decimal(10) ** 11
Lines = Iterable[Mapping[str, Any]]


@transaction.atomic
def draft(contact: Contact | None, lines: Lines, **columns: Any) -> Invoice:
    """A draft with these lines (`name`, `quantity`, `unit_amount`, `tax_rate`, `product_id`). Raises ValidationError."""
    invoice = Invoice(contact=contact, **{**billed(contact), **columns})
    if invoice.series is not None:
        _follow(invoice, invoice.series, columns)
    invoice.full_clean(exclude=["contact", "order", "series"])
    invoice.save()
    InvoiceLine.objects.bulk_create(_line(invoice, place, each) for place, each in enumerate(lines))
    add_up(invoice)
    return invoice


def of_order(order: Order, series: InvoiceSeries) -> Invoice:
    """The draft of what an order costs, its items as lines, in the name the order has."""
    lines = [{**each, "unit_amount": Decimal(each["unit_amount"])} for each in order.items]
    names = ("customer_name", "customer_email", "customer_company", "customer_address", "currency", "discount")
    told = {name: getattr(order, name) for name in names}
    return draft(order.contact, lines, order=order, series=series, **told)


def add_up(invoice: Invoice) -> None:
    """Computes the sums of a draft from its lines, and stores both. Raises ValidationError where they grow too large."""
    lines = list(invoice.lines.all())
    for line in lines:
        line.total = totals.of_line(line.quantity, line.unit_amount, invoice.currency)
    found = totals.total(
        [totals.Charge(line.total, line.tax_rate) for line in lines], invoice.currency,
        discount=invoice.discount, tax_included=invoice.tax_included,
    )  # fmt: skip
    if found.total > LARGEST:
        raise ValidationError(_("This comes to more than an invoice can hold."))
    InvoiceLine.objects.bulk_update(lines, ["total"])
    for name, value in found._asdict().items():
        setattr(invoice, name, value)
    invoice.save()


@transaction.atomic
def send(invoice: Invoice, now: datetime | None = None) -> None:
    """Gives a draft its number and marks it as sent; what was sent already stays. Raises Invalid for an empty one.

    The number is taken under the lock of its series, in the transaction that stores it: none is lost, none comes twice.
    """
    now = now or timezone.now()
    lock(invoice)
    if not invoice.is_draft:
        return
    if not invoice.lines.exists():
        raise Invalid([Problem(("lines",), _("The invoice has no lines. Add what is to be paid."))])
    if invoice.series is None:
        raise Invalid([Problem(("series",), _("Choose the series that the invoice is numbered in."))])
    series = InvoiceSeries.objects.select_for_update(of=("self",)).get(pk=invoice.series.pk)
    invoice.sequence, invoice.number = series.next_number, series.written(series.next_number)
    series.next_number += 1
    series.save(update_fields=["next_number"])
    today = timezone.localtime(now, Organisation.get().zone).date()
    invoice.issued_on = invoice.issued_on or today
    invoice.due_on = invoice.due_on or today + timedelta(days=series.days_to_pay)
    invoice.notes, invoice.pay_url = invoice.notes or series.notes, invoice.pay_url or _pay_url(invoice, series)
    invoice.status, invoice.sent_at = Status.SENT, now
    invoice.save()
    settle(invoice, now)


@transaction.atomic
def view(invoice: Invoice, now: datetime) -> None:
    """Notes that the customer looked at it; the first time counts."""
    lock(invoice)
    if invoice.status == Status.SENT:
        invoice.status = Status.VIEWED
    if invoice.viewed_at is None and not invoice.is_draft:
        invoice.viewed_at = now
    invoice.save()


@transaction.atomic
def void(invoice: Invoice, now: datetime | None = None) -> None:
    """Voids an invoice; its number stays taken. Raises Invalid where something of it was paid, and for a draft."""
    lock(invoice)
    if invoice.status == Status.VOID:
        return
    if invoice.is_draft:
        raise Invalid([Problem((), _("It was never sent. Delete the draft."))])
    if invoice.paid:
        raise Invalid([Problem((), _("Something of it was paid. Give the money back, and write a credit by hand."))])
    now = now or timezone.now()
    invoice.status, invoice.voided_at = Status.VOID, now
    invoice.save()
    _tell_subscription(invoice, now)


def settle(invoice: Invoice, now: datetime) -> None:
    """Brings an invoice of ours in step with its payments; the caller's transaction."""
    lock(invoice)
    received = invoice.payments.filter(status=Payment.Status.SUCCEEDED).aggregate(sum=Sum("amount"))["sum"]
    invoice.paid = received or Decimal(0)
    reached = Status.PAID if invoice.paid >= invoice.total else Status.PARTLY_PAID if invoice.paid else invoice.status
    if not invoice.is_draft and RANK[reached] > RANK[invoice.status]:
        invoice.status = reached
        invoice.paid_at = now if reached == Status.PAID else invoice.paid_at
    invoice.save()
    _tell_subscription(invoice, now)


def _tell_subscription(invoice: Invoice, now: datetime) -> None:
    """What it renews may be overdue no more."""
    if invoice.subscription is not None and not invoice.is_draft:
        subscribing.lock(invoice.subscription)
        subscribing.keep_in_step(invoice.subscription, timezone.localtime(now, Organisation.get().zone).date())


def lock(invoice: Invoice) -> None:
    invoice.refresh_from_db(from_queryset=Invoice.objects.select_for_update(of=("self",)))


def _follow(invoice: Invoice, series: InvoiceSeries, given: Mapping[str, Any]) -> None:
    if "tax_included" not in given:
        invoice.tax_included = series.tax_included


def _line(invoice: Invoice, place: int, given: Mapping[str, Any]) -> InvoiceLine:
    line = InvoiceLine(
        invoice=invoice, position=place, name=str(given["name"])[:200], product_id=given.get("product_id"),
        quantity=Decimal(given.get("quantity", 1)), unit_amount=given["unit_amount"],
        tax_rate=Decimal(given.get("tax_rate") or 0),
    )  # fmt: skip
    line.clean_fields(exclude=["invoice", "product"])
    check_places(line.unit_amount, invoice.currency, "unit_amount")
    return line


def _pay_url(invoice: Invoice, series: InvoiceSeries) -> str:
    """The payment page with what it needs to tell us which invoice was paid."""
    if not series.pay_link:
        return ""
    asked = {"client_reference_id": f"invoice-{invoice.pk}", "prefilled_email": invoice.customer_email}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{series.pay_link}{'&' if '?' in series.pay_link else '?'}{query}"[:500]
