"""Clicks and referrals in the admin, to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from affiliates.models import Click, Referral
from triggers.admin.lists import moment_column
from triggers.admin.pages import ReadOnly
from triggers.admin.typed import ModelAdmin


@admin.register(Click)
class ClickAdmin(ReadOnly, ModelAdmin[Click]):
    """Who followed a link says nothing of a person; kept 90 days."""

    list_display = ("clicked", "enrolment", "referrer")
    list_filter = ("enrolment__campaign",)
    list_select_related = ("enrolment__affiliate__contact", "enrolment__campaign")
    search_fields = ("enrolment__affiliate__code",)
    fields = ("enrolment", "at", "landing", "referrer")
    list_per_page = 50
    clicked = moment_column("at", gettext_lazy("followed"))


@admin.register(Referral)
class ReferralAdmin(ReadOnly, ModelAdmin[Referral]):
    """Which contacts came by whose link: by it their purchases are credited."""

    list_display = ("contact", "campaign", "enrolment", "clicked", "noted")
    list_filter = ("campaign",)
    list_select_related = ("contact", "campaign", "enrolment__affiliate__contact", "enrolment__campaign")
    search_fields = ("contact__first_name", "contact__last_name", "contact__email", "enrolment__affiliate__code")
    fields = ("contact", "campaign", "enrolment", "clicked_at", "noted_at")
    list_per_page = 50
    clicked = moment_column("clicked_at", gettext_lazy("followed"))
    noted = moment_column("noted_at", gettext_lazy("noted"))
