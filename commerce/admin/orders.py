"""Orders, subscriptions and checkouts in the admin."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce import invoicing, ordering, subscribing
from commerce.models import Checkout, InvoiceSeries, Order, Subscription
from contacts.admin.records import Record, Table, items_of, linked, shown, state_of
from triggers.admin.buttons import button
from triggers.admin.lists import GivenFilter, moment_column
from triggers.admin.pages import link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.problems import Invalid, Problem
from triggers.wording import moments

CHANGE = "commerce.change_order"


@admin.register(Order)
class OrderAdmin(Record, ModelAdmin[Order]):
    """What was ordered, whether it is paid, whether it is delivered."""

    list_display = ("called", "contact_link", "amount", "source", "state", "fulfilment", "placed")
    list_filter = ("status", "fulfilment", "source", "submission", "gateway", "form")
    list_select_related = ("contact",)
    search_fields = ("number", "customer_name", "customer_email")
    date_hierarchy = "placed_at"
    placed = moment_column("placed_at", gettext_lazy("placed"))

    @admin.display(description=gettext_lazy("order"), ordering="id")
    def called(self, order: Order) -> str:
        return str(order)

    @admin.display(description=gettext_lazy("total"), ordering="total")
    def amount(self, order: Order) -> str:
        return shown(order.total, order.currency)

    def sentence(self, row: Order) -> str:
        words = {
            "who": row.customer_name or row.customer_email or _("Somebody"), "amount": shown(row.total, row.currency),
            "when": moments.short(row.placed_at),
        }  # fmt: skip
        if row.status == Order.Status.FAILED:
            return _("%(who)s ordered for %(amount)s, %(when)s. The payment failed.") % words
        if row.status == Order.Status.PENDING:
            return _("%(who)s ordered for %(amount)s, %(when)s. It is not paid yet.") % words
        return _("%(who)s ordered for %(amount)s, %(when)s.") % words

    def facts(self, row: Order) -> Iterable[tuple[Any, Any]]:
        yield _("Delivery"), row.get_fulfilment_display()
        yield _("Source"), row.get_source_display()
        yield _("Order form"), link(page_of(row.form), row.form) if row.form else ""
        yield _("Kind of sale"), row.get_submission_display() if row.form else ""
        yield _("E-mail"), row.customer_email
        yield _("Phone"), row.customer_phone
        yield _("Address"), row.customer_address
        yield _("Discount"), shown(row.discount, row.currency) if row.discount else ""
        yield _("Shipping"), shown(row.shipping, row.currency) if row.shipping else ""
        yield _("Tax"), shown(row.tax, row.currency) if row.tax else ""
        yield _("Why the payment failed"), row.failure_message or row.failure_code
        yield _("Tracking"), " ".join(str(each) for each in row.tracking.values())
        yield _("Made at"), row.get_gateway_display() if row.gateway else ""

    def tables(self, row: Order) -> Iterable[Table]:
        yield items_of(row)
        yield Table(_("Invoices"), (_("Invoice"), _("Status"), _("Total")), linked(
            row.invoices.all(), state_of, lambda each: shown(each.total, each.currency)))  # fmt: skip
        yield Table(_("Payments"), (_("Payment"), _("Status"), _("Amount")), linked(
            row.payments.all(), state_of, lambda each: shown(each.amount, each.currency)))  # fmt: skip

    @button(
        gettext_lazy("Write the invoice"), permission="commerce.add_invoice", icon="note", tone="primary",
        when=lambda order: not order.gateway and order.status in ("pending", "failed") and not order.invoices.exists(),
    )  # fmt: skip
    def invoice(self, request: HttpRequest, order: Order) -> HttpResponse:
        """Writes a draft in the first series."""
        series = InvoiceSeries.objects.order_by("pk").first()
        if series is None:
            raise Invalid([Problem((), _("Add an invoice series first: it says how invoices are numbered."))])
        return redirect("admin:commerce_invoice_change", invoicing.of_order(order, series).pk)

    @button(gettext_lazy("Delivered"), permission=CHANGE, icon="done",
            when=lambda order: not order.gateway and order.fulfilment != "fulfilled" and order.status != "cancelled")  # fmt: skip
    def fulfil(self, request: HttpRequest, order: Order) -> str:
        ordering.fulfil(order)
        return _("Marked as delivered.")

    @button(gettext_lazy("Cancel the order"), permission=CHANGE, icon="stop",
            when=lambda order: not order.gateway and order.status in ("pending", "failed"))  # fmt: skip
    def cancel(self, request: HttpRequest, order: Order) -> str:
        ordering.cancel(order)
        return _("Cancelled.")


@admin.register(Subscription)
class SubscriptionAdmin(Record, ModelAdmin[Subscription]):
    """What is paid again and again."""

    list_display = ("called", "contact_link", "costs", "state", "paid_until")
    list_filter = ("status", "gateway", "interval", "product")
    list_select_related = ("contact", "product")
    search_fields = ("name", "product__name", "contact__first_name", "contact__last_name", "contact__email")
    paid_until = moment_column("period_end", gettext_lazy("paid until"))

    @admin.display(description=gettext_lazy("subscription"))
    def called(self, row: Subscription) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def costs(self, row: Subscription) -> str:
        words = {
            "amount": shown(row.amount, row.currency),
            "interval": row.get_interval_display(),
            "n": row.interval_count,
        }
        return _("%(amount)s each %(n)s × %(interval)s") % words if row.interval_count > 1 else (
            _("%(amount)s each %(interval)s") % words
        )  # fmt: skip

    def sentence(self, row: Subscription) -> str:
        words = {"costs": self.costs(row), "who": row.contact or _("Nobody known")}
        return _("%(who)s pays %(costs)s.") % words

    def facts(self, row: Subscription) -> Iterable[tuple[Any, Any]]:
        yield _("Product"), link(page_of(row.product), row.product) if row.product else ""
        yield _("Quantity"), row.quantity
        yield _("Began"), moments.short(row.started_at) if row.started_at else ""
        yield _("Paid until"), moments.short(row.period_end) if row.period_end else ""
        yield _("Renewed by an invoice of"), row.series or ""
        yield _("Ends"), moments.short(row.cancel_at) if row.cancel_at else ""
        yield _("Order"), link(page_of(row.order), row.order) if row.order else ""
        yield _("Made at"), row.get_gateway_display() if row.gateway else ""

    def tables(self, row: Subscription) -> Iterable[Table]:
        yield Table(_("Payments"), (_("Payment"), _("Status"), _("Amount")), linked(
            row.payments.all(), state_of, lambda each: shown(each.amount, each.currency)))  # fmt: skip
        yield Table(_("Invoices"), (_("Invoice"), _("Status"), _("Amount")), linked(
            row.invoices.all(), state_of, lambda each: shown(each.total, each.currency)))  # fmt: skip

    @button(gettext_lazy("Cancel at the end of what is paid"), permission="commerce.change_subscription", icon="stop",
            when=lambda row: not row.gateway and not row.has_ended and row.cancel_at is None)  # fmt: skip
    def end(self, request: HttpRequest, row: Subscription) -> str:
        subscribing.cancel(row, at_period_end=True)
        return _("Cancelled.")

    @button(gettext_lazy("Cancel now"), permission="commerce.change_subscription", icon="stop",
            when=lambda row: not row.gateway and not row.has_ended)  # fmt: skip
    def cancel(self, request: HttpRequest, row: Subscription) -> str:
        subscribing.cancel(row)
        return _("Cancelled.")


@admin.register(Checkout)
class CheckoutAdmin(Record, ModelAdmin[Checkout]):
    """Carts at the till of a store."""

    list_display = ("called", "contact_link", "amount", "active", "completed")
    list_filter = ("gateway", ("completed_at", GivenFilter))
    list_select_related = ("contact",)
    search_fields = ("email", "phone")
    active = moment_column("active_at", gettext_lazy("last active"))
    completed = moment_column("completed_at", gettext_lazy("ordered"))

    @admin.display(description=gettext_lazy("checkout"))
    def called(self, row: Checkout) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("total"), ordering="total")
    def amount(self, row: Checkout) -> str:
        return shown(row.total, row.currency) or "–"

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        obj.status, obj.get_status_display = _standing(obj)
        return super().page(request, obj)

    def sentence(self, row: Checkout) -> str:
        words = {"amount": shown(row.total, row.currency), "when": moments.short(row.active_at)}
        if row.completed_at:
            return _("A cart of %(amount)s, ordered.") % words
        return _("A cart of %(amount)s. Nothing was done in it since %(when)s.") % words

    def facts(self, row: Checkout) -> Iterable[tuple[Any, Any]]:
        yield _("E-mail"), row.email
        yield _("Phone"), row.phone
        yield _("Way back to it"), link(row.url, row.url) if row.url.startswith("https://") else ""
        yield _("Made at"), row.get_gateway_display()

    def tables(self, row: Checkout) -> Iterable[Table]:
        yield items_of(row)


def _standing(row: Checkout) -> tuple[str, Any]:
    ordered = row.completed_at is not None
    return ("paid", lambda: _("Ordered")) if ordered else ("pending", lambda: _("Open"))
