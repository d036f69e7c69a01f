"""What commerce keeps about people: how it is told to them, and how it is forgotten.

Of a forgotten person's orders, invoices and payments the figures stay; names and addresses on them go.
"""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from commerce.models import (
    Checkout,
    Customer,
    Document,
    DocumentMark,
    Invoice,
    InvoiceLine,
    Order,
    Payment,
    Refund,
    Subscription,
)
from commerce.models.base import PERSONAL
from triggers import holdings, privacy
from triggers.privacy import Blank, Delete, Holding, Keep, Person

NAMELESS: Final = dict.fromkeys(PERSONAL, "")
OF_ORDER: Final = {
    **NAMELESS, "customer_phone": "", "page_url": "", "utm": {}, "tracking": {}, "external_customer": "",
}  # fmt: skip


def register() -> None:
    privacy.closers["documents to be signed"] = withdraw
    privacy.register(
        Holding(
            "orders", "commerce.Order", _mine(Order), Blank(OF_ORDER), label=_("orders"),
            told=("number", "status", "items", "currency", "total", "placed_at", *PERSONAL, "customer_phone", "page_url"),
        ),
        Holding(
            "invoices", "commerce.Invoice", _mine(Invoice),
            Blank({**NAMELESS, "title": "", "pay_url": "", "external_customer": ""}), label=_("invoices"),
            told=("number", "title", "status", "currency", "total", "paid", "issued_on", "due_on", *PERSONAL),
        ),
        Holding(
            "lines of invoices", "commerce.InvoiceLine",
            lambda who: InvoiceLine.objects.filter(invoice__contact__in=who.ids), Keep(),
            told=("name", "quantity", "unit_amount"), label=_("lines of invoices"),
        ),
        Holding(
            "payments", "commerce.Payment", _mine(Payment),
            Blank({"card_brand": "", "card_last4": "", "failure_message": "", "external_customer": ""}),
            told=("paid_at", "status", "amount", "currency", "method", "card_brand", "card_last4"), label=_("payments"),
        ),
        Holding(
            "refunds", "commerce.Refund", lambda who: Refund.objects.filter(payment__contact__in=who.ids),
            Blank({"reason": ""}), told=("refunded_at", "status", "amount", "currency", "reason"), label=_("refunds"),
        ),
        Holding(
            "subscriptions", "commerce.Subscription", _mine(Subscription), Blank({"name": "", "external_customer": ""}),
            told=("name", "status", "amount", "currency", "started_at", "period_end", "canceled_at"),
            label=_("subscriptions"),
        ),
        Holding("customer numbers", "commerce.Customer", _mine(Customer), Delete(), told=("gateway", "external_id")),
        Holding(
            "marks of documents", "commerce.DocumentMark",
            lambda who: DocumentMark.objects.filter(document__contact__in=who.ids), Delete(),
            told=("at", "what", "who", "address", "agent"),
        ),
        Holding(
            "documents", "commerce.Document", _mine(Document),
            Blank({"name": "", "body": "", "recipient_name": "", "recipient_email": "", "signature": "",
                   "declined_because": ""}),
            told=("name", "body", "status", "sent_at", "signed_at", "signature", "declined_because"), label=_("documents"),
        ),
        Holding(
            "checkouts", "commerce.Checkout", _mine(Checkout), Delete(),
            told=("email", "phone", "items", "total", "currency", "active_at", "completed_at"), label=_("checkouts"),
        ),
        Holding(
            "history of commerce", "admin.LogEntry", _log, Blank({"object_repr": "", "change_message": ""}),
            turn=privacy.BEFORE,
        ),
    )  # fmt: skip


def withdraw(who: Person, now: datetime) -> None:
    """Nothing is to be signed any more. No event tells of it."""
    waiting = Document.objects.filter(contact__in=who.ids, status__in=["draft", "sent", "viewed"])
    waiting.update_untold(status=Document.Status.VOIDED)


def _mine(model: Any) -> Any:
    return lambda who: model._default_manager.filter(contact__in=who.ids)


def _log(who: Person) -> Any:
    found = holdings.log_of(Order, _mine(Order)(who).values_list("pk", flat=True))
    for model in (Invoice, Payment, Document, Subscription):
        found = found | holdings.log_of(model, _mine(model)(who).values_list("pk", flat=True))
    return found
