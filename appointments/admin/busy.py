"""Calendars elsewhere, in which members are busy, in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import BusyFeed
from triggers.admin.buttons import Buttons, button
from triggers.admin.typed import ModelAdmin
from triggers.wording import moments
from triggers.wording.look import pill


@admin.register(BusyFeed)
class BusyFeedAdmin(Buttons, ModelAdmin[BusyFeed]):
    """Where it is asked when members are busy."""

    change_form_template = "admin/appointments/busyfeed/change_form.html"
    list_display = ("name", "user", "state", "read", "trouble")
    list_filter = ("active",)
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    fields = ("name", "user", "url", ("active", "every_minutes"))
    actions = None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Whatever was entered is tried at once."""
        obj.due_at, obj.etag, obj.failures, obj.error = timezone.now(), "", 0, ""
        super().save_model(request, obj, form, change)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        feed = kwargs.get("obj")
        context["buttons"] = self.offered(request, feed) if feed else []
        context["trouble"] = feed.error if feed else ""
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state(self, feed: BusyFeed) -> str:
        if not feed.active:
            return pill("paused", _("Switched off"))
        return pill("failed", _("In trouble")) if feed.error else pill("live", _("Active"))

    @admin.display(description=gettext_lazy("last read"), ordering="read_at", empty_value="–")
    def read(self, feed: BusyFeed) -> Any:
        return moments.shown(feed.read_at) if feed.read_at else None

    @admin.display(description=gettext_lazy("trouble"))
    def trouble(self, feed: BusyFeed) -> str:
        return feed.error or "–"

    @button(gettext_lazy("Ask now"), permission="appointments.change_busyfeed", icon="again",
            when=lambda feed: feed.active)  # fmt: skip
    def ask_now(self, request: HttpRequest, feed: BusyFeed) -> str:
        BusyFeed.objects.filter(pk=feed.pk).update(due_at=timezone.now(), etag="")
        return _("It is asked within seconds.")
