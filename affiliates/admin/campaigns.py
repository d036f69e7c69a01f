"""Campaigns in the admin: what they earn, where their links lead, and who may sign up."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from affiliates.models import Campaign
from triggers.admin.pages import link
from triggers.admin.typed import ModelAdmin
from triggers.wording import look
from triggers.wording.numbers import grouped


@admin.register(Campaign)
class CampaignAdmin(ModelAdmin[Campaign]):
    """What is recommended, and what that earns."""

    list_display = ("name", "earns", "window", "affiliates", "state")
    list_filter = ("open", "kind")
    search_fields = ("name", "key")
    readonly_fields = ("page",)
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("name", "description", "target_url", "open", "page")}),
        (
            gettext_lazy("What a sale earns"),
            {"fields": ("kind", "percent", ("amount", "currency"), "recurring_months")},
        ),
        (gettext_lazy("Which click counts"), {"fields": (("counts", "window_days"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        rows: QuerySet[Campaign] = super().get_queryset(request)
        return rows.annotate(n_affiliates=Count("enrolments"))

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """One that somebody is enrolled in is closed, not deleted."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.enrolments.exists())

    @admin.display(description=gettext_lazy("a sale earns"))
    def earns(self, campaign: Campaign) -> str:
        return campaign.in_words()

    @admin.display(description=gettext_lazy("a click counts"), ordering="window_days")
    def window(self, campaign: Campaign) -> str:
        return ngettext("%(n)d day", "%(n)d days", campaign.window_days) % {"n": campaign.window_days}

    @admin.display(description=gettext_lazy("affiliates"), ordering="n_affiliates")
    def affiliates(self, campaign: Any) -> str:
        return grouped(campaign.n_affiliates)

    @admin.display(description=gettext_lazy("state"), ordering="open")
    def state(self, campaign: Campaign) -> SafeString:
        return look.pill("live", _("Open")) if campaign.open else look.pill("paused", _("Closed"))

    @admin.display(description=gettext_lazy("page to sign up"))
    def page(self, campaign: Campaign) -> SafeString:
        return link(campaign.signup_url, campaign.signup_url) if campaign.pk else link("", "–")
