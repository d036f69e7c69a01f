"""Events: what happened, what changed, and every workflow's answer to it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from triggers import registry
from triggers.admin.buttons import Buttons, button
from triggers.admin.explain import told
from triggers.admin.lists import NamedList
from triggers.admin.pages import Page, ReadOnly, as_json, link, page_of
from triggers.admin.typed import ModelAdmin
from triggers.explaining import again
from triggers.models import ActionRun, Event
from triggers.noting import note
from triggers.registry import UnknownKind
from triggers.wording import moments, people, telling, words
from triggers.wording.look import pill


class EventList(NamedList):
    """With who did it, besides the contact's name."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        actors = people.actor_names(rows)
        for row in rows:
            row.actor_called = actors[row.pk]


class TypeFilter(admin.SimpleListFilter):
    """By type, under the names staff know."""

    title = gettext_lazy("type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((key, str(kind.label)) for key, kind in registry.events.items()), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(type=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(Buttons, ReadOnly, Page, ModelAdmin[Event]):
    """Everything that happened, newest first."""

    page_template = "admin/triggers/event/page.html"
    list_display = ("what", "contact", "by", "happened", "matching")
    list_display_links = None
    list_filter = (TypeFilter, "actor")
    search_fields = ("pk",)
    search_help_text = gettext_lazy("Search contact, or the number of an event")
    ordering = ("-id",)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return EventList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = queryset.filter(contact_id__in=people.matching_contacts(term, limit=200))
        return (found | queryset.filter(pk=int(term)) if term.isdigit() and len(term) < 19 else found), False

    @admin.display(description=gettext_lazy("what happened"))
    def what(self, event: Event) -> SafeString:
        named = link(page_of(event), telling.label(event))
        return format_html('{}<span class="said">{}</span>', named, telling.details(event))

    @admin.display(description=gettext_lazy("contact"))
    def contact(self, event: Any) -> SafeString:
        return link(people.contact_url(event.contact_id), event.contact_called or "–")

    @admin.display(description=gettext_lazy("by"))
    def by(self, event: Any) -> str:
        return str(event.actor_called)

    @admin.display(description=gettext_lazy("happened"), ordering="id")
    def happened(self, event: Event) -> Any:
        return moments.shown(event.occurred_at)

    @admin.display(description=gettext_lazy("matching"))
    def matching(self, event: Event) -> SafeString | str:
        return noteworthy(event) or "–"

    def page(self, request: HttpRequest, obj: Event) -> dict[str, Any]:
        kind = registry.events.get(obj.type)
        cause = ActionRun.objects.filter(key=obj.cause).select_related("run").first() if obj.cause else None
        return {
            "event": obj, "title": telling.label(obj), "details": telling.details(obj),
            "contact": people.contact_name(obj.contact_id), "contact_url": people.contact_url(obj.contact_id),
            "actor": people.actor_names([obj])[obj.pk], "changes": telling.changes(obj),
            "subject_url": people.admin_url(obj.subject_type, obj.subject_id), "cause": cause,
            "description": words.about(kind) if kind else "", "told": telling.payload(obj),
            "payload": as_json(obj.data), "answers": told(obj), "pill": noteworthy(obj),
            "buttons": self.offered(request, obj),
        }  # fmt: skip

    @button(gettext_lazy("Replay"), permission="triggers.replay_event", icon="again")
    def replay(self, request: HttpRequest, event: Event) -> str | HttpResponse:
        try:
            made = again.replay_event(event)
        except (UnknownKind, ValueError) as error:
            return _("Not replayed: %(why)s") % {"why": error}
        note(request.user, event, gettext_noop("Replayed."))
        said = _("This is the replay of event %(id)s; what is live answers anew.")
        self.message_user(request, said % {"id": event.pk})
        return redirect(page_of(made))


def noteworthy(event: Event) -> SafeString | str:
    """Where the event is on its way, unless it is through it, as nearly all are."""
    if event.match_error:
        return pill("failed", _("Matching failed"))
    if event.matched_at is None:
        return pill("pending", _("Not looked at yet"))
    return pill("observed", _("Quiet")) if event.muted else ""
