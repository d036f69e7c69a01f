"""What conditions and messages may ask about orders, invoices, payments, subscriptions and documents."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce import links
from commerce.models import Document, Invoice, Order, Payment, Subscription
from contacts import money
from triggers.conditions.fields import Field, Kind
from triggers.facts import Facts, facts

# What columns of these types are to conditions; choices and foreign keys aside.
KINDS: Mapping[type, Kind] = {
    models.DecimalField: Kind.MONEY, models.DateTimeField: Kind.DATETIME, models.DateField: Kind.DATE,
    models.PositiveIntegerField: Kind.NUMBER, models.PositiveSmallIntegerField: Kind.NUMBER,
}  # fmt: skip


class RecordFacts(Facts):
    """A record by its columns as they are stored, and what is told of it besides."""

    model: ClassVar[Any]
    columns: ClassVar[tuple[str, ...]]

    def fields(self) -> Mapping[str, Field]:
        whole = Field(Kind.REF, self.model._meta.verbose_name, column="pk", refers_to=self.model._meta.label_lower)
        return {"id": whole, **{name: _field(self.model, name) for name in self.columns}, **self.besides()}

    def besides(self) -> Mapping[str, Field]:
        """Fields that are no columns."""
        return {}

    def told(self, row: Any) -> dict[str, Any]:
        """The values of `besides`."""
        return {}

    def load(self, ids: Collection[int]) -> dict[int, dict[str, Any]]:
        rows = self.model._default_manager.filter(pk__in=ids)
        return {row.pk: {"id": row.pk, **self._values(row), **self.told(row)} for row in rows}

    def existing(self, ids: Collection[int]) -> set[int]:
        return set(self.model._default_manager.filter(pk__in=ids).values_list("pk", flat=True))

    def ids(self, rough: Q, after: int, limit: int) -> list[int]:
        rows = self.model._default_manager.filter(rough, pk__gt=after).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:limit])

    def _values(self, row: Any) -> dict[str, Any]:
        values = {name: getattr(row, self.model._meta.get_field(name).attname) for name in self.columns}
        return {name: None if value == "" else value for name, value in values.items()}


def _field(model: Any, name: str) -> Field:
    column = model._meta.get_field(name)
    if column.flatchoices:
        choices = tuple((str(value), str(label)) for value, label in column.flatchoices if value)
        return Field(Kind.CHOICE, column.verbose_name, choices=choices, column=name)
    if column.related_model is not None:
        return Field(Kind.REF, column.verbose_name, column=name, refers_to=column.related_model._meta.label_lower)
    return Field(KINDS.get(type(column), Kind.TEXT), column.verbose_name, column=name)


@facts("order", label=_("Order"))
class OrderFacts(RecordFacts):
    """An order as it stands now."""

    model = Order
    columns = (
        "number", "status", "fulfilment", "source", "sub_source", "submission", "currency", "subtotal", "discount",
        "coupon", "shipping", "tax", "total", "customer_name", "customer_email", "form", "placed_at", "submitted_at",
        "fulfilled_at", "cancelled_at", "gateway",
    )  # fmt: skip

    def besides(self) -> Mapping[str, Field]:
        return {
            "products": Field(Kind.SET, _("products")),
            "amount": Field(Kind.TEXT, _("total in words")),
            "summary": Field(Kind.TEXT, _("items in words")),
        }

    def told(self, row: Order) -> dict[str, Any]:
        return {
            "products": {each.get("name", "") for each in row.items},
            "amount": money.shown(row.total, row.currency),
            "summary": "\n".join(f"{each.get('quantity', 1)} × {each.get('name', '')}" for each in row.items),
        }


@facts("invoice", label=_("Invoice"))
class InvoiceFacts(RecordFacts):
    """An invoice as it stands now, with the address of its page."""

    model = Invoice
    columns = (
        "number", "title", "status", "currency", "subtotal", "discount", "tax", "total", "paid", "issued_on", "due_on",
        "customer_name", "customer_email", "customer_company", "sent_at", "viewed_at", "paid_at", "gateway",
    )  # fmt: skip

    def besides(self) -> Mapping[str, Field]:
        return {
            "url": Field(Kind.TEXT, _("address of its page")),
            "amount": Field(Kind.TEXT, _("total in words")),
            "owed": Field(Kind.TEXT, _("what is still owed, in words")),
        }

    def told(self, row: Invoice) -> dict[str, Any]:
        url = row.pay_url if row.gateway and row.pay_url else links.of_invoice(row.pk)
        shown = {"amount": money.shown(row.total, row.currency), "owed": money.shown(row.owed, row.currency)}
        return {"url": url, **shown}


@facts("payment", label=_("Payment"))
class PaymentFacts(RecordFacts):
    """A payment as it stands now."""

    model = Payment
    columns = (
        "status", "amount", "currency", "refunded", "source", "sub_source", "kind", "method", "card_brand",
        "card_last4", "failure_code", "failure_message", "paid_at", "gateway",
    )  # fmt: skip

    def besides(self) -> Mapping[str, Field]:
        return {"shown": Field(Kind.TEXT, _("amount in words"))}

    def told(self, row: Payment) -> dict[str, Any]:
        return {"shown": money.shown(row.amount, row.currency)}


@facts("subscription", label=_("Subscription"))
class SubscriptionFacts(RecordFacts):
    """A subscription as it stands now."""

    model = Subscription
    columns = (
        "name", "status", "product", "price", "quantity", "amount", "currency", "interval", "started_at", "period_end",
        "cancel_at", "canceled_at", "gateway",
    )  # fmt: skip

    def besides(self) -> Mapping[str, Field]:
        return {"shown": Field(Kind.TEXT, _("amount in words"))}

    def told(self, row: Subscription) -> dict[str, Any]:
        return {"shown": money.shown(row.amount, row.currency)}


@facts("document", label=_("Document"))
class DocumentFacts(RecordFacts):
    """A document as it stands now, with the address to sign it at."""

    model = Document
    columns = (
        "name", "status", "template", "recipient", "recipient_name", "recipient_email", "value", "currency",
        "expires_on", "sent_at", "viewed_at", "signed_at", "completed_at", "declined_at", "gateway",
    )  # fmt: skip

    def besides(self) -> Mapping[str, Field]:
        return {"url": Field(Kind.TEXT, _("address to sign it at")), "amount": Field(Kind.TEXT, _("value in words"))}

    def told(self, row: Document) -> dict[str, Any]:
        url = "" if row.gateway else links.of_document(row.pk)
        return {"url": url or None, "amount": money.shown(row.value, row.currency) if row.value else None}
