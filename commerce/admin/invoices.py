"""Invoices in the admin: drafts are written with their lines; what was sent is shown as it stays."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce import invoicing, links, paying
from commerce.customers import billed
from commerce.models import Invoice, InvoiceLine
from commerce.models.invoice import UNSETTLED
from commerce.models.product import check_places
from contacts.admin.records import Record, Table, asked_amount, linked, shown, state_of
from triggers.admin.buttons import button
from triggers.admin.pages import MOMENTS, link, page_of
from triggers.admin.typed import ModelAdmin, ModelForm, TabularInline
from triggers.wording import moments

CHANGE = "commerce.change_invoice"


class DueFilter(admin.SimpleListFilter):
    """What is overdue, or due within a week."""

    title = gettext_lazy("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", gettext_lazy("Overdue")), ("soon", gettext_lazy("Within a week"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        unsettled = queryset.filter(UNSETTLED)
        if self.value() == "overdue":
            return unsettled.filter(due_on__lt=today)
        if self.value() == "soon":
            return unsettled.filter(due_on__range=(today, today + timedelta(days=7)))
        return queryset


class LineForm(ModelForm[InvoiceLine]):
    """One line; its amount fits the currency of the invoice."""

    class Meta:
        model = InvoiceLine
        fields = ["position", "name", "product", "quantity", "unit_amount", "tax_rate"]

    def clean(self) -> Any:
        cleaned = super().clean()
        code = self.data.get("currency", "") or "EUR"
        check_places(self.cleaned_data.get("unit_amount"), code, "unit_amount")
        return cleaned


class Lines(TabularInline[InvoiceLine, Invoice]):
    """What is to be paid."""

    model = InvoiceLine
    form = LineForm
    extra = 0
    min_num = 1


@admin.register(Invoice)
class InvoiceAdmin(Record, ModelAdmin[Invoice]):
    """What is owed, and what of it is paid."""

    inlines = (Lines,)
    change_form_template = "admin/commerce/invoice/change_form.html"
    formfield_overrides = MOMENTS
    list_display = ("called", "contact_link", "amount", "open_amount", "state", "due")
    list_filter = ("status", DueFilter, "series", "gateway")
    list_select_related = ("contact",)
    search_fields = ("number", "title", "customer_name", "customer_email")
    autocomplete_fields = ("contact",)
    fieldsets = (
        (None, {"fields": ("contact", "series", "title", ("currency", "tax_included"))}),
        (gettext_lazy("To whom"), {"fields": (
            ("customer_name", "customer_company"), "customer_email", "customer_address")}),
        (gettext_lazy("Amounts and days"), {"fields": ("discount", ("issued_on", "due_on"), "notes")}),
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts are written; a number stands for what was sent under it."""
        is_draft = obj is None or (obj.is_draft and not obj.gateway)
        return is_draft and ModelAdmin.has_change_permission(self, request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(obj and obj.is_draft) and ModelAdmin.has_delete_permission(self, request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form of a draft, the page of anything else."""
        invoice = self.get_object(request, unquote(object_id))
        if invoice is not None and self.has_change_permission(request, invoice):
            more = {"buttons": self.offered(request, invoice), "total": shown(invoice.total, invoice.currency),
                    "page": links.of_invoice(invoice.pk)}  # fmt: skip
            return ModelAdmin.change_view(self, request, object_id, form_url, {**more, **(extra_context or {})})
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Invoice, form: Any, change: bool) -> None:
        """A contact that was chosen fills in what was left empty of its name and address."""
        for name, value in billed(obj.contact).items():
            setattr(obj, name, getattr(obj, name) or value)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        invoicing.add_up(form.instance)

    @admin.display(description=gettext_lazy("invoice"), ordering="sequence")
    def called(self, invoice: Invoice) -> str:
        return str(invoice)

    @admin.display(description=gettext_lazy("total"), ordering="total")
    def amount(self, invoice: Invoice) -> str:
        return shown(invoice.total, invoice.currency)

    @admin.display(description=gettext_lazy("still owed"))
    def open_amount(self, invoice: Invoice) -> str:
        return shown(invoice.owed, invoice.currency) if invoice.is_unsettled else "–"

    @admin.display(description=gettext_lazy("due"), ordering="due_on", empty_value="–")
    def due(self, invoice: Invoice) -> Any:
        return moments.shown_day(invoice.due_on) if invoice.due_on else None

    def sentence(self, row: Invoice) -> str:
        words = {"owed": shown(row.owed, row.currency), "day": moments.short_day(row.due_on) if row.due_on else ""}
        if row.is_overdue(timezone.localdate()):
            return _("%(owed)s is overdue since %(day)s.") % words
        if row.is_unsettled:
            return (
                _("%(owed)s is to be paid by %(day)s.") % words if row.due_on else _("%(owed)s is to be paid.") % words
            )
        return _("Nothing is owed on it.")

    def facts(self, row: Invoice) -> Iterable[tuple[Any, Any]]:
        where = row.pay_url if row.gateway else links.of_invoice(row.pk)
        yield _("Its page"), self._page_link(where)
        yield _("Customer"), row.customer_name
        yield _("Company"), row.customer_company
        yield _("E-mail"), row.customer_email
        yield _("Total"), shown(row.total, row.currency)
        yield _("Tax"), shown(row.tax, row.currency) if row.tax else ""
        yield _("Paid"), shown(row.paid, row.currency) if row.paid else ""
        yield _("Sent"), moments.short(row.sent_at) if row.sent_at else ""
        yield _("Viewed"), moments.short(row.viewed_at) if row.viewed_at else ""
        yield _("Order"), link(page_of(row.order), row.order) if row.order else ""
        yield _("Made at"), row.get_gateway_display() if row.gateway else ""

    def _page_link(self, where: str) -> SafeString | str:
        return link(where, _("Open")) if where.startswith(("https://", "http://")) else ""

    def tables(self, row: Invoice) -> Iterable[Table]:
        lines = [(each.name, each.quantity.normalize(), shown(each.total, row.currency)) for each in row.lines.all()]
        yield Table(_("Lines"), (_("What"), _("Quantity"), _("Amount")), lines, numbers=2)
        yield Table(_("Payments"), (_("Payment"), _("Status"), _("Amount")), linked(
            row.payments.all(), state_of, lambda each: shown(each.amount, each.currency)))  # fmt: skip

    @button(gettext_lazy("Number and send"), permission=CHANGE, icon="mail", tone="primary",
            when=lambda row: row.is_draft and not row.gateway)  # fmt: skip
    def send(self, request: HttpRequest, row: Invoice) -> str:
        invoicing.send(row)
        return _("It has the number %(number)s now. Workflows that send it by e-mail start.") % {"number": row.number}

    @button(gettext_lazy("Note a payment"), permission="commerce.add_payment", icon="plus", tone="primary",
            asks=gettext_lazy("How much; empty means all that is owed"),
            when=lambda row: row.is_unsettled and not row.gateway)  # fmt: skip
    def pay(self, request: HttpRequest, row: Invoice) -> str:
        amount = asked_amount(request.POST.get("said", ""))
        paying.record(row.owed if amount is None else amount, row.currency, invoice=row, method="by hand")
        return _("Noted.")

    @button(gettext_lazy("Void the invoice"), permission=CHANGE, icon="stop",
            when=lambda row: row.is_unsettled and not row.paid and not row.gateway)  # fmt: skip
    def void(self, request: HttpRequest, row: Invoice) -> str:
        invoicing.void(row)
        return _("Voided. Its number stays taken.")
