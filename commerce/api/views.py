"""Commerce over the API. Changes go through the same doors as everywhere, so events fire."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commerce import invoicing, ordering, paying, subscribing
from commerce.api import serializers as told
from commerce.documents import signing, writing
from commerce.models import (
    Checkout,
    Document,
    DocumentTemplate,
    Invoice,
    InvoiceSeries,
    Order,
    OrderForm,
    OrderFormItem,
    Payment,
    Price,
    Product,
    Refund,
    Subscription,
)
from triggers.api.problems import Conflict
from triggers.api.views import ApiMadeOnlyViewSet, ApiModelViewSet, ApiReadOnlyViewSet
from triggers.text import TextError


class ProductViewSet(ApiModelViewSet):
    """Products."""

    scope = "products"
    queryset = Product.objects.all()
    serializer_class = told.ProductSerializer
    filterset_fields = ("key", "active")


class PriceViewSet(ApiModelViewSet):
    """Prices. One that an order form offers is switched off, not deleted."""

    scope = "prices"
    queryset = Price.objects.select_related("product")
    serializer_class = told.PriceSerializer
    filterset_fields = ("product", "currency", "active")

    def perform_destroy(self, instance: Price) -> None:
        if OrderFormItem.objects.filter(price=instance).exists():
            raise Conflict(_("An order form offers this price. Take it off there, or switch the price off."))
        instance.delete()


class OrderFormViewSet(mixins.UpdateModelMixin, ApiReadOnlyViewSet):
    """Order forms; they are set up in the admin, and can be switched on and off here."""

    scope = "order-forms"
    queryset = OrderForm.objects.all()
    serializer_class = told.OrderFormSerializer
    filterset_fields = ("key", "active")


class InvoiceSeriesViewSet(ApiReadOnlyViewSet):
    """How invoices are numbered."""

    scope = "invoice-series"
    queryset = InvoiceSeries.objects.all()
    serializer_class = told.InvoiceSeriesSerializer
    filterset_fields = ("key",)


class OrderViewSet(ApiMadeOnlyViewSet):
    """Orders."""

    scope = "orders"
    queryset = Order.objects.all()
    serializer_class = told.OrderSerializer
    filterset_fields = ("contact", "status", "fulfilment", "source", "form", "currency", "number")

    def perform_create(self, serializer: Any) -> None:
        given = dict(serializer.validated_data)
        chosen = [(each["price"], each["quantity"], "primary") for each in given.pop("prices")]
        try:
            serializer.instance = ordering.place(given.pop("contact"), chosen, source="api", **given)
        except ValidationError as error:
            raise serializers.ValidationError({"prices": error.messages}) from None

    @extend_schema(request=None, responses=told.OrderSerializer)
    @action(detail=True, methods=["post"], permission="commerce.change_order")
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        """Cancels an order that is not paid."""
        order = self.get_object()
        ordering.cancel(order)
        return Response(self.represent(order))

    @extend_schema(request=None, responses=told.OrderSerializer)
    @action(detail=True, methods=["post"], permission="commerce.change_order")
    def fulfil(self, request: Request, **kwargs: Any) -> Response:
        """Marks everything of it as delivered."""
        order = self.get_object()
        ordering.fulfil(order)
        return Response(self.represent(order))


class InvoiceViewSet(ApiMadeOnlyViewSet):
    """Invoices."""

    scope = "invoices"
    queryset = Invoice.objects.prefetch_related("lines").select_related("series")
    serializer_class = told.InvoiceSerializer
    filterset_fields = ("contact", "order", "status", "series", "number", "currency", "due_on")

    def perform_create(self, serializer: Any) -> None:
        given = dict(serializer.validated_data)
        lines = [
            {**each, "product_id": each["product"].pk if each.get("product") else None} for each in given.pop("lines")
        ]
        try:
            serializer.instance = invoicing.draft(given.pop("contact"), lines, **given)
        except ValidationError as error:
            found = error.message_dict if hasattr(error, "error_dict") else {"lines": error.messages}
            raise serializers.ValidationError(found) from None

    @extend_schema(request=None, responses=told.InvoiceSerializer)
    @action(detail=True, methods=["post"], permission="commerce.change_invoice")
    def send(self, request: Request, **kwargs: Any) -> Response:
        """Gives a draft its number and marks it as sent. What was sent already stays as it is."""
        invoice = self.get_object()
        invoicing.send(invoice)
        return Response(self.represent(self.get_queryset().get(pk=invoice.pk)))

    @extend_schema(request=None, responses=told.InvoiceSerializer)
    @action(detail=True, methods=["post"], permission="commerce.change_invoice")
    def void(self, request: Request, **kwargs: Any) -> Response:
        """Voids an invoice of which nothing was paid; its number stays taken."""
        invoice = self.get_object()
        invoicing.void(invoice)
        return Response(self.represent(self.get_queryset().get(pk=invoice.pk)))


class PaymentViewSet(ApiMadeOnlyViewSet):
    """Payments, received and failed."""

    scope = "payments"
    queryset = Payment.objects.all()
    serializer_class = told.PaymentSerializer
    filterset_fields = ("contact", "order", "invoice", "subscription", "status", "source", "currency")

    def perform_create(self, serializer: Any) -> None:
        given = dict(serializer.validated_data)
        serializer.instance = paying.record(given.pop("amount"), given.pop("currency"), **given)

    @extend_schema(request=told.RefundingSerializer, responses=told.RefundSerializer)
    @action(detail=True, methods=["post"], permission="commerce.add_refund")
    def refund(self, request: Request, **kwargs: Any) -> Response:
        """Notes what was given back, never more than is left of the payment."""
        payment, given = self.get_object(), self.inputs(told.RefundingSerializer)
        made = paying.refund(payment, given.get("amount"), reason=given["reason"])
        return Response(told.RefundSerializer(made).data)


class RefundViewSet(ApiReadOnlyViewSet):
    """What was given back."""

    scope = "refunds"
    queryset = Refund.objects.all()
    serializer_class = told.RefundSerializer
    filterset_fields = ("payment", "status")


class SubscriptionViewSet(ApiMadeOnlyViewSet):
    """Subscriptions."""

    scope = "subscriptions"
    queryset = Subscription.objects.all()
    serializer_class = told.SubscriptionSerializer
    filterset_fields = ("contact", "product", "price", "status")

    def perform_create(self, serializer: Any) -> None:
        given = dict(serializer.validated_data)
        quantity = given.pop("quantity", 1)
        serializer.instance = subscribing.begin(given.pop("contact"), given.pop("price"), quantity=quantity, **given)

    @extend_schema(request=told.EndingSerializer, responses=told.SubscriptionSerializer)
    @action(detail=True, methods=["post"], permission="commerce.change_subscription")
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        """Cancels it now, or lets it run until what is paid is over."""
        row, given = self.get_object(), self.inputs(told.EndingSerializer)
        subscribing.cancel(row, at_period_end=given["at_period_end"])
        return Response(self.represent(row))


class DocumentTemplateViewSet(ApiModelViewSet):
    """What documents say."""

    scope = "document-templates"
    queryset = DocumentTemplate.objects.all()
    serializer_class = told.DocumentTemplateSerializer
    filterset_fields = ("key", "active")


class DocumentViewSet(ApiMadeOnlyViewSet):
    """Documents and contracts."""

    scope = "documents"
    queryset = Document.objects.all()
    serializer_class = told.DocumentSerializer
    filterset_fields = ("contact", "template", "status")

    def perform_create(self, serializer: Any) -> None:
        given = dict(serializer.validated_data)
        try:
            serializer.instance = writing.write(given.pop("template"), given.pop("contact"), **given)
        except TextError as error:
            raise serializers.ValidationError({"template": str(error)}) from None

    @extend_schema(request=None, responses=told.DocumentSerializer)
    @action(detail=True, methods=["post"], permission="commerce.change_document")
    def send(self, request: Request, **kwargs: Any) -> Response:
        """Fixes its text and opens it for its signature."""
        document = self.get_object()
        signing.send(document)
        return Response(self.represent(document))

    @extend_schema(request=None, responses=told.DocumentSerializer)
    @action(detail=True, methods=["post"], permission="commerce.change_document")
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Withdraws one that waits for its signature."""
        document = self.get_object()
        signing.withdraw(document)
        return Response(self.represent(document))


class CheckoutViewSet(ApiReadOnlyViewSet):
    """Carts at the till of a store."""

    scope = "checkouts"
    queryset = Checkout.objects.all()
    serializer_class = told.CheckoutSerializer
    filterset_fields = ("contact", "email", "cart")
