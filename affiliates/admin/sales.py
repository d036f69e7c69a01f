"""Sales, commissions and payouts in the admin: entered by hand, approved, paid."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from affiliates import payouts, selling
from affiliates.admin.filters import ToldByFilter
from affiliates.models import Commission, Enrolment, Payout, Sale
from contacts.admin.records import Record, Table, asked_amount, linked, shown, state_of, two_lines
from triggers.admin.buttons import button
from triggers.admin.lists import moment_column
from triggers.admin.pages import MOMENTS, MadeByForm, link, page_of
from triggers.admin.typed import ModelAdmin, ModelForm
from triggers.wording import moments, people


class SaleForm(ModelForm[Sale]):
    """A sale that staff enter. `made` is what was stored."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), min_value=0, max_digits=15, decimal_places=3,
        widget=forms.NumberInput(attrs={"step": "any", "min": "0"}),
    )  # fmt: skip

    class Meta:
        model = Sale
        fields = ["enrolment", "buyer", "amount", "currency", "reference", "occurred_at"]

    def __init__(self, *args: Any, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "enrolment" in self.fields:
            rows = Enrolment.objects.select_related("affiliate__contact", "campaign")
            self.fields["enrolment"].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Stores it at once, so that whatever stands against it can still be told; the page's transaction holds it."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            with transaction.atomic():
                self.made, _is_new = selling.record(selling.Sold(**cleaned))
        except ValidationError as error:
            places = {"affiliate": "enrolment", NON_FIELD_ERRORS: None}
            for name, told in error.message_dict.items():
                self.add_error(places.get(name, name), told)
        return cleaned

    def _post_clean(self) -> None:
        """The row is written by the service."""


@admin.register(Sale)
class SaleAdmin(MadeByForm, Record, ModelAdmin[Sale]):
    """What was credited to affiliates."""

    form = SaleForm
    formfield_overrides = MOMENTS
    list_display = ("called", "affiliate", "costs", "earned", "state", "bought")
    list_display_links = None
    list_filter = ("status", "kind", "enrolment__campaign", ToldByFilter)
    list_select_related = ("enrolment__affiliate__contact", "enrolment__campaign", "commission", "buyer")
    search_fields = ("reference", "external_id", "enrolment__affiliate__code", "buyer__last_name", "buyer__email")
    date_hierarchy = "occurred_at"
    autocomplete_fields = ("enrolment", "buyer")
    fields = ("enrolment", "buyer", ("amount", "currency"), "reference", "occurred_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return ModelAdmin.has_add_permission(self, request)

    bought = moment_column("occurred_at", gettext_lazy("bought"))

    @admin.display(description=gettext_lazy("sale"), ordering="id")
    def called(self, sale: Sale) -> SafeString:
        return two_lines(sale, f"{sale.enrolment.campaign} · {sale.get_kind_display()}")

    @admin.display(description=gettext_lazy("affiliate"))
    def affiliate(self, sale: Sale) -> Any:
        return link(page_of(sale.enrolment.affiliate), sale.enrolment.affiliate)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def costs(self, sale: Sale) -> str:
        return shown(sale.amount, sale.currency)

    @admin.display(description=gettext_lazy("commission"))
    def earned(self, sale: Sale) -> str:
        own = getattr(sale, "commission", None)
        return shown(own.amount, own.currency) if own and own.status != "void" else "–"

    def sentence(self, sale: Sale) -> str:
        words = {
            "amount": shown(sale.amount, sale.currency), "affiliate": sale.enrolment.affiliate,
            "campaign": sale.enrolment.campaign, "back": shown(sale.refunded, sale.currency),
        }  # fmt: skip
        if sale.refunded:
            return _("%(amount)s, credited to %(affiliate)s for %(campaign)s; %(back)s of it was given back.") % words
        return _("%(amount)s, credited to %(affiliate)s for %(campaign)s.") % words

    def facts(self, sale: Sale) -> Iterable[tuple[Any, Any]]:
        yield _("Affiliate"), link(page_of(sale.enrolment.affiliate), sale.enrolment.affiliate)
        yield _("Buyer"), link(page_of(sale.buyer), sale.buyer) if sale.buyer else ""
        yield _("Bought"), moments.short(sale.occurred_at)
        yield _("Kind"), sale.get_kind_display()
        yield _("Order"), sale.reference
        yield _("Told by"), Sale.told_by(sale.source)
        yield _("Its number there"), sale.external_id
        yield _("Subscription"), sale.series
        yield _("Entered by"), people.by_names([sale.created_by])[sale.created_by]

    def tables(self, sale: Sale) -> Iterable[Table]:
        rows = Commission.objects.filter(sale=sale)
        yield Table(_("Commission"), (_("Commission"), _("Status"), _("Amount")), linked(
            rows, state_of, lambda each: shown(each.amount, each.currency)))  # fmt: skip

    @button(gettext_lazy("Note what was given back"), permission="affiliates.change_sale", icon="again",
            asks=gettext_lazy("How much in all; empty means all of it"), when=lambda row: row.status == "counted")  # fmt: skip
    def give_back(self, request: HttpRequest, sale: Sale) -> str:
        """Nothing is earned by what was given back."""
        amount = asked_amount(request.POST.get("said", ""))
        selling.give_back(sale, sale.amount if amount is None else amount)
        return _("Noted. Its commission follows, unless it was paid out.")

    @button(gettext_lazy("Do not count it"), permission="affiliates.change_sale", icon="failed", tone="danger",
            when=lambda row: row.status != "void")  # fmt: skip
    def void(self, request: HttpRequest, sale: Sale) -> str:
        """It was no sale, or not this affiliate's."""
        selling.void(sale)
        return _("It counts no longer.")


@admin.register(Commission)
class CommissionAdmin(Record, ModelAdmin[Commission]):
    """What sales earned."""

    list_display = ("called", "affiliate_link", "costs", "state", "payout", "created")
    list_display_links = None
    list_filter = ("status", "currency")
    list_select_related = ("affiliate__contact", "sale", "payout")
    search_fields = ("affiliate__code", "affiliate__contact__last_name", "sale__reference")
    actions = ("approve_chosen",)

    created = moment_column("created_at", gettext_lazy("created"))

    @admin.display(description=gettext_lazy("commission"), ordering="id")
    def called(self, row: Commission) -> SafeString:
        return two_lines(row, row.sale)

    @admin.display(description=gettext_lazy("affiliate"))
    def affiliate_link(self, row: Commission) -> Any:
        return link(page_of(row.affiliate), row.affiliate)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def costs(self, row: Commission) -> str:
        return shown(row.amount, row.currency)

    def sentence(self, row: Commission) -> str:
        return _("%(amount)s for %(affiliate)s.") % {
            "amount": shown(row.amount, row.currency), "affiliate": row.affiliate,
        }  # fmt: skip

    def facts(self, row: Commission) -> Iterable[tuple[Any, Any]]:
        yield _("Sale"), link(page_of(row.sale), row.sale)
        yield _("Affiliate"), link(page_of(row.affiliate), row.affiliate)
        yield _("Payout"), link(page_of(row.payout), row.payout) if row.payout else ""

    @button(gettext_lazy("Approve"), permission="affiliates.change_commission", icon="tick",
            when=lambda row: row.status == "pending")  # fmt: skip
    def approve(self, request: HttpRequest, row: Commission) -> str:
        """It is in the next payout."""
        payouts.approve(Commission.objects.filter(pk=row.pk))
        return _("Approved. It is in the next payout.")

    @admin.action(description=gettext_lazy("Approve"), permissions=["approve"])
    def approve_chosen(self, request: HttpRequest, chosen: QuerySet[Commission]) -> None:
        n = payouts.approve(Commission.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))))
        messages.success(request, ngettext("%(n)d is approved.", "%(n)d are approved.", n) % {"n": n})

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("affiliates.change_commission")


@admin.register(Payout)
class PayoutAdmin(Record, ModelAdmin[Payout]):
    """What is paid to affiliates at once. It is put together on the affiliate's page."""

    list_display = ("called", "affiliate_link", "period", "total", "state", "paid")
    list_filter = ("status", "currency")
    list_select_related = ("affiliate__contact",)
    search_fields = ("affiliate__code", "affiliate__contact__last_name", "reference")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payout]:
        rows: QuerySet[Payout] = super().get_queryset(request)
        return rows.annotate(sum=Sum("commissions__amount"))

    paid = moment_column("paid_at", gettext_lazy("paid"))

    @admin.display(description=gettext_lazy("payout"), ordering="id")
    def called(self, row: Payout) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("affiliate"))
    def affiliate_link(self, row: Payout) -> Any:
        return link(page_of(row.affiliate), row.affiliate)

    @admin.display(description=gettext_lazy("sales"), ordering="until")
    def period(self, row: Payout) -> str:
        return _("%(since)s to %(until)s") % {
            "since": moments.short_day(row.since),
            "until": moments.short_day(row.until),
        }

    @admin.display(description=gettext_lazy("amount"), ordering="sum")
    def total(self, row: Any) -> str:
        return shown(row.sum or Decimal(0), row.currency)

    def sentence(self, row: Payout) -> str:
        words = {"amount": self.total(row), "affiliate": row.affiliate, "period": self.period(row)}
        return _("%(amount)s to %(affiliate)s, for sales of %(period)s.") % words

    def facts(self, row: Payout) -> Iterable[tuple[Any, Any]]:
        yield _("Affiliate"), link(page_of(row.affiliate), row.affiliate)
        yield _("Payout method"), row.affiliate.get_payout_method_display()
        yield _("Tax form"), row.affiliate.get_tax_form_display()
        yield _("Paid"), moments.short(row.paid_at) if row.paid_at else ""
        yield _("Reference"), row.reference

    def tables(self, row: Payout) -> Iterable[Table]:
        rows = row.commissions.select_related("sale")
        yield Table(_("Commissions"), (_("Commission"), _("Sale"), _("Amount")), linked(
            rows, lambda each: link(page_of(each.sale), each.sale), lambda each: shown(each.amount, each.currency)))  # fmt: skip

    @button(gettext_lazy("It is paid"), permission="affiliates.change_payout", icon="done",
            asks=gettext_lazy("What your bank calls it, if you like"), when=lambda row: row.status == "open")  # fmt: skip
    def pay(self, request: HttpRequest, row: Payout) -> str:
        """Notes that the money has left."""
        payouts.pay(row, request.POST.get("said", "").strip())
        return _("Noted as paid.")

    @button(gettext_lazy("Take it back"), permission="affiliates.change_payout", icon="again",
            when=lambda row: row.status == "open")  # fmt: skip
    def take_back(self, request: HttpRequest, row: Payout) -> Any:
        """Its commissions wait for the next payout."""
        payouts.take_back(row)
        messages.success(request, _("Taken back. Its commissions wait for the next one."))
        return redirect("admin:affiliates_payout_changelist")
