"""Trigger links in the admin: where they lead, what to write into messages, and how often they were followed."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capture.models import TriggerLink
from triggers.admin.typed import ModelAdmin
from triggers.wording import look


@admin.register(TriggerLink)
class TriggerLinkAdmin(ModelAdmin[TriggerLink]):
    """Links that tell when they are followed."""

    list_display = ("name", "state", "destination", "followed", "people")
    list_filter = ("active",)
    search_fields = ("name", "key", "destination")
    readonly_fields = ("in_messages", "for_everybody", "created_at")
    fields = ("name", "destination", "active", "key", "in_messages", "for_everybody", "created_at")

    def get_fields(self, request: HttpRequest, obj: TriggerLink | None = None) -> Any:
        return self.fields if obj else self.fields[:4]

    def get_readonly_fields(self, request: HttpRequest, obj: TriggerLink | None = None) -> Any:
        # Messages name it by its key.
        return (*self.readonly_fields, "key") if obj else self.readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[TriggerLink]:
        rows: QuerySet[TriggerLink] = super().get_queryset(request)
        return rows.annotate(click_count=Count("clicks"), people_count=Count("clicks__contact_id", distinct=True))

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, link: TriggerLink) -> str:
        return look.pill("live", _("Active")) if link.active else look.pill("paused", _("Switched off"))

    @admin.display(description=gettext_lazy("followed in 90 days"), ordering="click_count")
    def followed(self, link: Any) -> str:
        return f"{link.click_count:,}"

    @admin.display(description=gettext_lazy("known contacts"), ordering="people_count")
    def people(self, link: Any) -> str:
        return f"{link.people_count:,}"

    @admin.display(description=gettext_lazy("in messages"))
    def in_messages(self, link: TriggerLink) -> str:
        told = _("Whoever gets the message is known by it.")
        return format_html('<code>{{{{ links.{} }}}}</code> <span class="meta">{}</span>', link.key, told)

    @admin.display(description=gettext_lazy("for everybody"))
    def for_everybody(self, link: TriggerLink) -> str:
        told = _("For posters and websites: it is counted, and starts nothing, since nobody is known by it.")
        return format_html('<code>{}</code> <span class="meta">{}</span>', link.address, told)
