"""Affiliates and their enrolments in the admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from affiliates import enrolling, links, payouts, standing
from affiliates.models import Affiliate, Campaign, Enrolment
from contacts.admin.records import Listed, two_lines
from contacts.custom.money import validate_currency
from triggers.admin.buttons import Buttons, button
from triggers.admin.lists import MadeBy, moment_column
from triggers.admin.pages import link
from triggers.admin.typed import ModelAdmin
from triggers.problems import Invalid, Problem
from triggers.wording.numbers import grouped


@admin.register(Affiliate)
class AffiliateAdmin(Buttons, Listed, ModelAdmin[Affiliate]):
    """Who recommends us, and how they stand. Nobody is deleted: what was earned stays."""

    list_display = ("called", "state", "campaigns", "payout_method", "tax_form", "created")
    list_display_links = None
    list_filter = ("status", "payout_method", "tax_form", "enrolments__campaign")
    list_select_related = ("contact", "merged_into__contact")
    search_fields = ("code", "contact__first_name", "contact__last_name", "contact__email")
    autocomplete_fields = ("contact",)
    readonly_fields = ("sold", "portal")
    fieldsets = (
        (None, {"fields": ("contact", "code", "status")}),
        (gettext_lazy("Paying"), {"fields": (("payout_method", "tax_form"),)}),
        (gettext_lazy("How it stands"), {"fields": ("sold", "portal")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Affiliate]:
        rows: QuerySet[Affiliate] = super().get_queryset(request)
        return rows.annotate(n_campaigns=Count("enrolments"))

    def get_readonly_fields(self, request: HttpRequest, obj: Affiliate | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "contact") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Affiliate | None = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        affiliate = self.get_object(request, object_id)
        buttons = self.offered(request, affiliate) if affiliate else []
        return super().change_view(request, object_id, form_url, {"buttons": buttons, **(extra_context or {})})

    created = moment_column("created_at", gettext_lazy("created"))

    @admin.display(description=gettext_lazy("affiliate"), ordering="contact__last_name")
    def called(self, affiliate: Affiliate) -> SafeString:
        words = {"code": affiliate.code, "other": affiliate.merged_into}
        merged = _("%(code)s, merged into %(other)s") % words
        return two_lines(affiliate, merged if affiliate.merged_into else affiliate.code)

    @admin.display(description=gettext_lazy("campaigns"), ordering="n_campaigns")
    def campaigns(self, affiliate: Any) -> str:
        return grouped(affiliate.n_campaigns)

    @admin.display(description=gettext_lazy("sold and earned"))
    def sold(self, affiliate: Affiliate) -> str:
        own = standing.of_affiliates([affiliate.pk]).get(affiliate.pk) if affiliate.pk else None
        if own is None:
            return _("Nothing yet")
        words = {"sales": grouped(own.sales), **own.in_words}
        return _("%(sales)s sales, %(revenue)s; commission %(commission)s") % words

    @admin.display(description=gettext_lazy("the affiliate's own page"))
    def portal(self, affiliate: Affiliate) -> SafeString:
        """Good for fourteen days; anew each time."""
        is_shown = affiliate.pk and affiliate.contact_id
        return link(links.magic(affiliate.pk), _("Open it, or copy its address")) if is_shown else link("", "–")

    @button(gettext_lazy("Approve"), permission="affiliates.change_affiliate", icon="tick",
            when=lambda row: row.status in ("pending", "rejected") and row.merged_into_id is None)  # fmt: skip
    def approve(self, request: HttpRequest, affiliate: Affiliate) -> str:
        """Clicks and sales count from now on."""
        affiliate.status = Affiliate.Status.ACTIVE
        affiliate.save()
        return _("Approved. Clicks and sales count from now on.")

    @button(gettext_lazy("Enrol in a campaign"), permission="affiliates.add_enrolment", icon="plus",
            asks=gettext_lazy("Name of the campaign"), when=lambda row: row.merged_into_id is None)  # fmt: skip
    def enrol(self, request: HttpRequest, affiliate: Affiliate) -> str:
        """Also in one that is closed to people who sign up by themselves."""
        name = request.POST.get("said", "").strip()
        campaign = Campaign.objects.filter(name__iexact=name).first()
        if campaign is None:
            raise Invalid([Problem(("said",), _("There is no campaign “%(name)s”.") % {"name": name[:120]})])
        _enrolment, is_new = enrolling.enrol(affiliate, campaign)
        said = _("Enrolled in %(campaign)s.") if is_new else _("Was enrolled in %(campaign)s already.")
        return said % {"campaign": campaign}

    @button(gettext_lazy("Put a payout together"), permission="affiliates.add_payout", icon="note",
            asks=gettext_lazy("Currency, such as EUR"))  # fmt: skip
    def pay_out(self, request: HttpRequest, affiliate: Affiliate) -> str | HttpResponse:
        """Of everything that is approved."""
        currency = request.POST.get("said", "").strip().upper()
        try:
            validate_currency(currency)
        except ValidationError as error:
            raise Invalid([Problem(("said",), " ".join(error.messages))]) from None
        made = payouts.put_together(affiliate, currency)
        return _("%(payout)s is put together.") % {"payout": made}


@admin.register(Enrolment)
class EnrolmentAdmin(MadeBy, ModelAdmin[Enrolment]):
    """Who recommends which campaign. An enrolment is made, not changed; it goes as long as nothing came of it."""

    list_display = ("affiliate", "campaign", "link_shown", "since", "by")
    list_filter = ("campaign",)
    list_select_related = ("affiliate__contact", "campaign")
    search_fields = ("affiliate__code", "affiliate__contact__first_name", "affiliate__contact__last_name")
    autocomplete_fields = ("affiliate", "campaign")
    fields = ("affiliate", "campaign")
    show_full_result_count = False
    by_column = "enrolled_by"
    since = moment_column("enrolled_at", gettext_lazy("since"))

    def has_change_permission(self, request: HttpRequest, obj: Enrolment | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Enrolment | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.sales.exists())

    @admin.display(description=gettext_lazy("link"))
    def link_shown(self, enrolment: Enrolment) -> str:
        return enrolment.referral_link
