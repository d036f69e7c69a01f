"""Invoices as other systems tell them, each time as a whole: the newest counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from commerce import mirroring
from commerce.customers import Told, contact_of
from commerce.invoicing import RANK
from commerce.models import Invoice, InvoiceLine
from commerce.outside import payments


class LineTold(NamedTuple):
    """One line of an invoice; `total` is what it comes to."""

    name: str
    quantity: Decimal
    unit_amount: Decimal
    total: Decimal


@dataclass(frozen=True)
class InvoiceTold:
    """An invoice as it stood at the moment `at`; `intent` is what it is paid with."""

    number: str
    at: datetime
    status: str
    total: Decimal
    currency: str
    customer: Told = field(default_factory=Told)
    called: str = ""
    title: str = ""
    subtotal: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    issued_on: date | None = None
    due_on: date | None = None
    sent_at: datetime | None = None
    paid_at: datetime | None = None
    voided_at: datetime | None = None
    pay_url: str = ""
    lines: Sequence[LineTold] = ()
    intent: str = ""


def note(gateway: str, told: InvoiceTold, now: datetime) -> tuple[Invoice, bool]:
    """The invoice, and whether that was news; what is older than what it holds changes nothing but what paid it."""
    row = mirroring.held(Invoice, gateway, told.number)
    is_news = mirroring.is_news(row, told.at, RANK[told.status])
    if is_news:
        for name in (
            "status", "total", "currency", "subtotal", "discount", "tax", "paid", "issued_on", "due_on", "sent_at",
            "paid_at", "voided_at",
        ):  # fmt: skip
            setattr(row, name, getattr(told, name))
        row.title, row.pay_url = told.title[:160], told.pay_url[:500]
        row.contact = contact_of(gateway, told.customer) or row.contact
        row.customer_name, row.customer_email = told.customer.name[:200], told.customer.email[:254]
        row.external_customer, row.number = told.customer.number, told.called[:60]
        mirroring.note(row, told.at, RANK[told.status])
        row.save()
        _write_lines(row, told.lines)
    if told.intent and not row.intent:
        row.intent = told.intent
        row.save()
    payments.link(gateway, row.intent, now, invoice=row)
    return row, is_news


def _write_lines(row: Invoice, lines: Sequence[LineTold]) -> None:
    row.lines.all().delete()
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=row, position=place, name=each.name[:200], quantity=each.quantity, unit_amount=each.unit_amount,
            total=each.total,
        )
        for place, each in enumerate(lines)
    )  # fmt: skip
