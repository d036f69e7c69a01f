"""How the records of commerce look from outside. Amounts are text, in the decimals of their currency."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from commerce import links
from commerce.models import (
    Checkout,
    Document,
    DocumentTemplate,
    Invoice,
    InvoiceLine,
    InvoiceSeries,
    Order,
    OrderForm,
    Payment,
    Price,
    Product,
    Refund,
    Subscription,
)
from contacts.api.money_serializers import AmountField, MoneySerializer
from contacts.api.person_serializers import ContactField
from contacts.models import Contact
from triggers.api.serializers import CheckedSerializer, RowSerializer


class ProductSerializer(CheckedSerializer):
    """Something that is sold. Its prices are written at `/prices/`."""

    class Meta:
        model = Product
        fields = ["id", "key", "name", "description", "tax_rate", "active", "gateway", "external_id", "created_at",
                  "updated_at"]  # fmt: skip
        read_only_fields = ["gateway", "external_id", "created_at"]


class PriceSerializer(CheckedSerializer, MoneySerializer):
    """What a product costs, once or each so many days, weeks, months or years."""

    amounts = ("amount",)
    amount = AmountField()

    class Meta:
        model = Price
        fields = ["id", "key", "product", "name", "amount", "currency", "interval", "interval_count", "trial_days",
                  "active", "gateway", "external_id"]  # fmt: skip
        read_only_fields = ["gateway", "external_id"]


class OrderFormSerializer(RowSerializer):
    """A page that anybody can order on. What it offers is chosen in the admin."""

    address = serializers.CharField(read_only=True)

    class Meta:
        model = OrderForm
        fields = ["id", "key", "name", "active", "title", "address", "two_steps", "series", "created_at", "updated_at"]
        read_only_fields = ["created_at"]


class InvoiceSeriesSerializer(RowSerializer):
    """How invoices are numbered."""

    class Meta:
        model = InvoiceSeries
        fields = [
            "id",
            "key",
            "name",
            "prefix",
            "digits",
            "next_number",
            "days_to_pay",
            "tax_included",
            "notes",
            "pay_link",
        ]
        read_only_fields = ["next_number"]


class ChosenSerializer(serializers.Serializer[Any]):
    """A price and how many of it."""

    price = serializers.PrimaryKeyRelatedField(queryset=Price.objects.select_related("product"))
    quantity = serializers.IntegerField(min_value=1, max_value=100_000, default=1)


class OrderSerializer(MoneySerializer):
    """An order. It is made of prices, each with its quantity, as `prices`; `items` are what was sold."""

    amounts = ("subtotal", "discount", "shipping", "tax", "total")
    contact = ContactField(queryset=Contact.objects.all(), allow_null=True)
    prices = ChosenSerializer(many=True, write_only=True, allow_empty=False)
    discount = AmountField(required=False)

    class Meta:
        model = Order
        fields = [
            "id", "number", "contact", "status", "fulfilment", "source", "sub_source", "submission", "form", "prices",
            "items", "currency", "subtotal", "discount", "coupon", "shipping", "tax", "total", "customer_name",
            "customer_email", "customer_phone", "failed_attempts", "failure_code", "failure_message", "gateway",
            "external_id", "placed_at", "submitted_at", "fulfilled_at", "cancelled_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = [
            "number", "status", "fulfilment", "source", "submission", "form", "items", "currency", "subtotal", "shipping",
            "tax", "total", "failed_attempts", "failure_code", "failure_message", "gateway", "external_id", "placed_at",
            "submitted_at", "fulfilled_at", "cancelled_at", "created_at", "updated_at",
        ]  # fmt: skip


class LineSerializer(serializers.ModelSerializer[InvoiceLine]):
    """A line of an invoice."""

    unit_amount = AmountField()

    class Meta:
        model = InvoiceLine
        fields = ["name", "product", "quantity", "unit_amount", "tax_rate", "total"]
        read_only_fields = ["total"]


class InvoiceSerializer(MoneySerializer):
    """An invoice with its lines. A new one is a draft; `send` gives it its number."""

    amounts = ("subtotal", "discount", "tax", "total", "paid")
    contact = ContactField(queryset=Contact.objects.all(), allow_null=True)
    series = serializers.PrimaryKeyRelatedField(queryset=InvoiceSeries.objects.all())
    lines = LineSerializer(many=True, allow_empty=False)
    discount = AmountField(required=False)
    url = serializers.SerializerMethodField(help_text=_("its page, for whoever pays it"))

    class Meta:
        model = Invoice
        fields = [
            "id", "number", "contact", "order", "subscription", "series", "title", "status", "currency", "tax_included", "lines",
            "subtotal", "discount", "tax", "total", "paid", "issued_on", "due_on", "customer_name", "customer_company",
            "customer_email", "customer_address", "notes", "url", "gateway", "external_id", "sent_at", "viewed_at",
            "paid_at", "voided_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = [
            "number", "order", "subscription", "status", "subtotal", "tax", "total", "paid", "gateway", "external_id", "sent_at",
            "viewed_at", "paid_at", "voided_at", "created_at", "updated_at",
        ]  # fmt: skip

    def get_url(self, invoice: Invoice) -> str:
        return invoice.pay_url if invoice.gateway else links.of_invoice(invoice.pk)


class PaymentSerializer(MoneySerializer):
    """A payment: received, unless it is told as failed. What it is for says whose it is."""

    amounts = ("amount", "refunded")
    contact = ContactField(queryset=Contact.objects.all(), required=False, allow_null=True)
    amount = AmountField()

    class Meta:
        model = Payment
        fields = [
            "id", "contact", "order", "invoice", "subscription", "status", "amount", "currency", "refunded", "source",
            "sub_source", "kind", "method", "card_brand", "card_last4", "failure_code", "failure_message", "gateway",
            "external_id", "paid_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["refunded", "gateway", "external_id", "created_at", "updated_at"]
        extra_kwargs = {"currency": {"required": True}}


class RefundSerializer(MoneySerializer):
    """What was given back of a payment."""

    amounts = ("amount",)

    class Meta:
        model = Refund
        fields = ["id", "payment", "status", "amount", "currency", "reason", "gateway", "external_id", "refunded_at"]


class RefundingSerializer(serializers.Serializer[Any]):
    """How much to give back; all that is left where no amount is given."""

    amount = AmountField(required=False, allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


class SubscriptionSerializer(MoneySerializer):
    """A subscription: a contact pays a price again and again."""

    amounts = ("amount",)
    contact = ContactField(queryset=Contact.objects.all())
    price = serializers.PrimaryKeyRelatedField(queryset=Price.objects.select_related("product"))

    class Meta:
        model = Subscription
        fields = [
            "id", "contact", "price", "product", "series", "name", "status", "quantity", "amount", "currency", "interval",
            "interval_count", "started_at", "period_end", "cancel_at", "canceled_at", "gateway", "external_id",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = [
            "product", "name", "status", "amount", "currency", "interval", "interval_count", "started_at", "period_end",
            "cancel_at", "canceled_at", "gateway", "external_id", "created_at", "updated_at",
        ]  # fmt: skip


class EndingSerializer(serializers.Serializer[Any]):
    """When a subscription ends."""

    at_period_end = serializers.BooleanField(default=False, help_text=_("true lets it run until what is paid is over"))


class DocumentTemplateSerializer(CheckedSerializer):
    """What documents say, with merge fields of the contact."""

    class Meta:
        model = DocumentTemplate
        fields = [
            "id",
            "key",
            "name",
            "title",
            "body",
            "countersigned",
            "days_open",
            "active",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["created_at"]


class DocumentSerializer(MoneySerializer):
    """A document, written from its template for its contact."""

    amounts = ("value",)
    whole_only = ("body",)
    contact = ContactField(queryset=Contact.objects.all())
    template = serializers.PrimaryKeyRelatedField(queryset=DocumentTemplate.objects.filter(active=True))
    value = AmountField(required=False)
    url = serializers.SerializerMethodField(help_text=_("where it is signed"))

    class Meta:
        model = Document
        fields = [
            "id", "contact", "template", "name", "body", "status", "recipient", "recipient_name", "recipient_email", "value",
            "currency", "expires_on", "url", "digest", "signature", "declined_because", "gateway", "external_id",
            "sent_at", "viewed_at", "signed_at", "completed_at", "declined_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = [
            "name", "body", "status", "digest", "signature", "declined_because", "gateway", "external_id", "sent_at",
            "viewed_at", "signed_at", "completed_at", "declined_at", "created_at", "updated_at",
        ]  # fmt: skip

    def get_url(self, document: Document) -> str:
        return "" if document.gateway else links.of_document(document.pk)


class CheckoutSerializer(MoneySerializer):
    """A cart at the till of a store."""

    amounts = ("total",)

    class Meta:
        model = Checkout
        fields = ["id", "contact", "email", "phone", "items", "currency", "total", "url", "gateway", "external_id",
                  "active_at", "completed_at"]  # fmt: skip
