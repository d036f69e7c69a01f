"""Receivers outside: which are held or switched off, and the button that says they work again."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from triggers import poke
from triggers.admin.buttons import Buttons, button
from triggers.admin.pages import Page, ReadOnly
from triggers.admin.typed import ModelAdmin
from triggers.models import Destination, Run
from triggers.models.event import Lane
from triggers.running import destinations
from triggers.wording import look, moments


@admin.register(Destination)
class DestinationAdmin(Buttons, ReadOnly, Page, ModelAdmin[Destination]):
    """Whoever refuses us is held, not hammered."""

    page_template = "admin/triggers/destination/page.html"
    list_display = ("key", "state", "reason", "failures", "since")
    list_filter = ("status",)
    search_fields = ("key",)
    ordering = ("-failures", "key")

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, receiver: Destination) -> SafeString:
        return look.pill(receiver.status, receiver.get_status_display())

    @admin.display(description=gettext_lazy("failing since"), ordering="failing_since")
    def since(self, receiver: Destination) -> Any:
        return moments.shown(receiver.failing_since) or "–"

    def page(self, request: HttpRequest, obj: Destination) -> dict[str, Any]:
        held = Run.objects.filter(target=obj.key, status=Run.Status.HELD)
        return {
            "receiver": obj, "pill": self.state(obj), "held": held.count(), "buttons": self.offered(request, obj),
            "runs": held.select_related("workflow").order_by("-id")[:20],
        }  # fmt: skip

    @button(gettext_lazy("It works again"), permission="triggers.operate_run", icon="play", tone="primary",
            when=lambda receiver: receiver.status != Destination.Status.OK or receiver.failures > 0)  # fmt: skip
    def works_again(self, request: HttpRequest, receiver: Destination) -> str:
        released = destinations.repaired(receiver.key, timezone.now())
        poke.after_commit(Lane.OUTSIDE)
        told = ngettext("%(n)d held run goes on.", "%(n)d held runs go on within a minute.", released)
        return told % {"n": released} if released else _("It is called again.")
