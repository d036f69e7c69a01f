"""Websites in the admin, with the line to put into them, and what was looked at there."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capture.admin.entries import WebsitesField
from capture.models import PageView, Site, VideoWatch
from triggers.admin.lists import NamedList
from triggers.admin.pages import ReadOnly, link
from triggers.admin.typed import ModelAdmin, ModelForm
from triggers.wording import look, people


class SiteForm(ModelForm[Site]):
    """The website's addresses as lines."""

    allowed_origins = WebsitesField(
        label=gettext_lazy("Addresses of the website"),
        help_text=gettext_lazy("One a line, such as https://www.example.com. Reports from elsewhere are refused."),
    )  # fmt: skip

    class Meta:
        model = Site
        fields = ["name", "active", "allowed_origins", "key"]


@admin.register(Site)
class SiteAdmin(ModelAdmin[Site]):
    """Websites with our script."""

    form = SiteForm
    list_display = ("name", "state", "seen", "last_seen")
    list_filter = ("active",)
    search_fields = ("name", "key")
    readonly_fields = ("snippet",)

    def get_fields(self, request: HttpRequest, obj: Site | None = None) -> Any:
        own = ["name", "active", "allowed_origins", "key"]
        return [*own, "snippet"] if obj else own

    def get_readonly_fields(self, request: HttpRequest, obj: Site | None = None) -> Any:
        # The script in the website names it by its key.
        return (*self.readonly_fields, "key") if obj else self.readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        rows: QuerySet[Site] = super().get_queryset(request)
        return rows.annotate(view_count=Count("views"), seen_at=Max("views__at"))

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, site: Site) -> str:
        return look.pill("live", _("Active")) if site.active else look.pill("paused", _("Switched off"))

    @admin.display(description=gettext_lazy("views in 90 days"), ordering="view_count")
    def seen(self, site: Any) -> str:
        return f"{site.view_count:,}"

    @admin.display(description=gettext_lazy("last view"), ordering="seen_at", empty_value="–")
    def last_seen(self, site: Any) -> Any:
        return site.seen_at

    @admin.display(description=gettext_lazy("line to put into its pages"))
    def snippet(self, site: Site) -> str:
        line = (
            f'<script src="{settings.PUBLIC_URL}{static("capture/beacon.js")}" data-site="{site.key}" async></script>'
        )
        return format_html("<code>{}</code>", line)


class Reported(ReadOnly):
    """What websites reported: looked at, never written by hand."""

    list_select_related = ("site",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[NamedList]:
        return NamedList

    @admin.display(description=gettext_lazy("contact"))
    def who(self, row: Any) -> str:
        called = getattr(row, "contact_called", None) or people.contact_name(row.contact_id)
        return link(people.contact_url(row.contact_id), called) if row.contact_id else _("Not known")


@admin.register(PageView)
class PageViewAdmin(Reported, ModelAdmin[PageView]):
    """Pages looked at within 90 days."""

    list_display = ("at", "path", "site", "who")
    list_filter = (
        "at",
        "site",
    )
    search_fields = ("path",)
    fields = readonly_fields = ("at", "site", "url", "title", "who", "referrer", "utm")


@admin.register(VideoWatch)
class VideoWatchAdmin(Reported, ModelAdmin[VideoWatch]):
    """Videos watched within 90 days."""

    list_display = ("at", "video", "percent", "site", "who")
    list_filter = ("at", "site", "percent")
    search_fields = ("video",)
    fields = readonly_fields = ("at", "site", "video", "percent", "seconds", "url", "who")
