"""Payments and refunds in the admin."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce import paying
from commerce.models import Payment, Refund
from contacts.admin.records import Record, Table, asked_amount, linked, shown, state_of
from triggers.admin.buttons import button
from triggers.admin.lists import moment_column
from triggers.admin.pages import link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.wording import moments


@admin.register(Payment)
class PaymentAdmin(Record, ModelAdmin[Payment]):
    """Every attempt to charge somebody."""

    list_display = ("called", "contact_link", "costs", "source", "method", "state", "paid")
    list_filter = ("status", "source", "kind", "gateway")
    list_select_related = ("contact",)
    search_fields = ("external_id", "contact__first_name", "contact__last_name", "contact__email", "invoice__number")
    date_hierarchy = "paid_at"
    paid = moment_column("paid_at", gettext_lazy("paid"))

    @admin.display(description=gettext_lazy("payment"), ordering="id")
    def called(self, row: Payment) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def costs(self, row: Payment) -> str:
        return shown(row.amount, row.currency)

    def sentence(self, row: Payment) -> str:
        words = {"amount": shown(row.amount, row.currency), "when": moments.short(row.paid_at)}
        if row.status == Payment.Status.FAILED:
            return _("%(amount)s could not be charged, %(when)s.") % words
        if row.status == Payment.Status.PENDING:
            return _("%(amount)s is on its way, since %(when)s.") % words
        if row.refunded:
            words["back"] = shown(row.refunded, row.currency)
            return _("%(amount)s was received, %(when)s; %(back)s of it was given back.") % words
        return _("%(amount)s was received, %(when)s.") % words

    def facts(self, row: Payment) -> Iterable[tuple[Any, Any]]:
        yield _("Source"), row.get_source_display()
        yield _("Kind"), row.get_kind_display()
        yield _("Paid by"), " ".join(filter(None, (row.method, row.card_brand, row.card_last4)))
        yield _("Why it failed"), row.failure_message or row.failure_code
        yield _("Invoice"), link(page_of(row.invoice), row.invoice) if row.invoice else ""
        yield _("Order"), link(page_of(row.order), row.order) if row.order else ""
        yield _("Subscription"), link(page_of(row.subscription), row.subscription) if row.subscription else ""
        yield _("Made at"), row.get_gateway_display() if row.gateway else ""
        yield _("Its number there"), row.external_id

    def tables(self, row: Payment) -> Iterable[Table]:
        yield Table(_("Given back"), (_("Refund"), _("Status"), _("Amount")), linked(
            row.refunds.all(), state_of, lambda each: shown(each.amount, each.currency)))  # fmt: skip

    @button(gettext_lazy("Note a refund"), permission="commerce.add_refund", icon="again",
            asks=gettext_lazy("How much; empty means all that is left"),
            when=lambda row: not row.gateway and row.refundable > 0)  # fmt: skip
    def refund(self, request: HttpRequest, row: Payment) -> str:
        """Notes what was given back by hand; what another system charged is given back there."""
        paying.refund(row, asked_amount(request.POST.get("said", "")))
        return _("Noted.")


@admin.register(Refund)
class RefundAdmin(Record, ModelAdmin[Refund]):
    """What was given back."""

    list_display = ("called", "contact_of", "costs", "reason", "state", "refunded")
    list_filter = ("status", "gateway")
    list_select_related = ("payment__contact",)
    search_fields = ("external_id", "reason")
    refunded = moment_column("refunded_at", gettext_lazy("given back"))

    @admin.display(description=gettext_lazy("refund"), ordering="id")
    def called(self, row: Refund) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("contact"))
    def contact_of(self, row: Refund) -> Any:
        return self.contact_link(row.payment)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def costs(self, row: Refund) -> str:
        return shown(row.amount, row.currency)

    def sentence(self, row: Refund) -> str:
        whole = shown(row.payment.amount, row.currency)
        return _("%(amount)s of a payment of %(whole)s.") % {"amount": shown(row.amount, row.currency), "whole": whole}

    def facts(self, row: Refund) -> Iterable[tuple[Any, Any]]:
        yield _("Payment"), link(page_of(row.payment), row.payment)
        yield _("Reason"), row.reason
        yield _("When"), moments.short(row.refunded_at)
        yield _("Made at"), row.get_gateway_display() if row.gateway else ""
