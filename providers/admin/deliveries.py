"""What providers told: the log, what could not be understood, and having it done again."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from providers import services
from providers.models import ProviderDelivery
from triggers.admin.buttons import Buttons, button
from triggers.admin.lists import NamedList
from triggers.admin.pages import as_json, link
from triggers.admin.typed import ModelAdmin
from triggers.problems import Invalid
from triggers.wording import look, people

REPLAY = "providers.replay_providerdelivery"
SHOWN_BODY = 20_000
# The pill of each state, by the states that pills know.
PILLS = {"waiting": "pending", "done": "done", "ignored": "skipped", "quarantined": "held", "failed": "failed"}


@admin.register(ProviderDelivery)
class DeliveryAdmin(Buttons, ModelAdmin[ProviderDelivery]):
    """Every thing that was told in the last 30 days; what waits for a person, 90."""

    list_display = ("received_at", "connection", "kind", "delivery", "state", "why", "event", "contact")
    list_filter = ("received_at", "status", "connection")
    search_fields = ("dedupe_key",)
    search_help_text = gettext_lazy("Searches delivery ids.")
    list_select_related = ("connection",)
    show_full_result_count = False
    actions = ("do_again",)
    fields = (
        "connection", "received_at", "occurred_at", "kind", "dedupe_key", "state", "why", "tries", "due_at", "done_at",
        "proven", "event", "contact", "told",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(REPLAY))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[NamedList]:
        return NamedList

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderDelivery]:
        rows = super().get_queryset(request)
        is_list = request.resolver_match is not None and "changelist" in (request.resolver_match.url_name or "")
        return rows.defer("body", "data") if is_list else rows

    @admin.display(description=gettext_lazy("delivery"), ordering="dedupe_key")
    def delivery(self, row: ProviderDelivery) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, row: ProviderDelivery) -> SafeString:
        return look.pill(PILLS[row.status], row.get_status_display())

    @admin.display(description=gettext_lazy("why"))
    def why(self, row: ProviderDelivery) -> str:
        return "; ".join([row.error] * bool(row.error) + row.problems)

    @admin.display(description=gettext_lazy("event"))
    def event(self, row: ProviderDelivery) -> str:
        words = _("Event %(id)s") % {"id": row.event_id}
        return link(people.admin_url("triggers.event", row.event_id), words) if row.event_id else ""

    @admin.display(description=gettext_lazy("contact"))
    def contact(self, row: Any) -> str:
        called = getattr(row, "contact_called", None) or people.contact_name(row.contact_id)
        return link(people.contact_url(row.contact_id), called)

    @admin.display(description=gettext_lazy("what was told"))
    def told(self, row: ProviderDelivery) -> str:
        if row.body:
            return format_html("<pre>{}</pre>", bytes(row.body[:SHOWN_BODY]).decode(errors="replace"))
        return format_html("<pre>{}</pre>", as_json(row.data)[:SHOWN_BODY]) if row.data else _("Blanked.")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        own = {"offered": self.offered(request, row), "pill": self.state(row)} if row else {}
        return super().change_view(request, object_id, form_url, {**own, **(extra_context or {})})

    @button(gettext_lazy("Do it again"), permission=REPLAY, icon="again",
            when=lambda row: row.status in services.REPEATABLE)  # fmt: skip
    def again(self, request: HttpRequest, row: ProviderDelivery) -> HttpResponse | str:
        """Has it done from what was kept of it."""
        services.replay([row], timezone.now())
        self.log_change(request, row, _("Done again."))
        return _("It will be done in a moment.")

    @admin.action(description=gettext_lazy("Do again"), permissions=["replay"])
    def do_again(self, request: HttpRequest, rows: QuerySet[ProviderDelivery]) -> None:
        try:
            count = services.replay(rows.order_by("pk"), timezone.now())
        except Invalid as error:
            messages.error(request, " ".join(problem.message for problem in error.problems))
            return
        told = ngettext("%(n)d will be done in a moment.", "%(n)d will be done in a moment.", count)
        messages.success(request, told % {"n": count})
