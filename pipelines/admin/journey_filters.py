"""Filters of the list of journeys: map, open track, status, agent, ready to close."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.admin.filters import OwnerFilter
from pipelines.models import Journey, JourneyTrack, Map, Track

Choices = list[tuple[str, Any]]


class MapFilter(admin.SimpleListFilter):
    """By map."""

    title = _("map")
    parameter_name = "map"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(str(pk), name) for pk, name in Map.objects.order_by("name").values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Journey]) -> QuerySet[Journey]:
        chosen = self.value() or ""
        return queryset.filter(map=int(chosen)) if chosen.isdigit() else queryset


class TrackFilter(admin.SimpleListFilter):
    """By the track that is open; offered once a map is chosen."""

    title = _("open track")
    parameter_name = "track"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        chosen = request.GET.get("map", "")
        tracks = Track.objects.filter(map=int(chosen)) if chosen.isdigit() else Track.objects.none()
        return [(str(pk), name) for pk, name in tracks.filter(deleted_at=None).values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Journey]) -> QuerySet[Journey]:
        chosen = self.value() or ""
        if not chosen.isdigit():
            return queryset
        opened = JourneyTrack.objects.filter(track=int(chosen), status=JourneyTrack.Status.OPEN)
        return queryset.filter(is_current=True, pk__in=opened.values("journey"))


class StandingFilter(admin.SimpleListFilter):
    """Open journeys first of all; finished and left ones when they are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("ready", _("Ready to close")), ("won", _("Won")), ("lost", _("Lost")), ("closed", _("Closed")),
                ("left", _("Left for another map")), ("all", _("All"))]  # fmt: skip

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Journey]) -> QuerySet[Journey]:
        chosen, url = self.value(), request.resolver_match
        if chosen in ("won", "lost", "closed"):
            return queryset.filter(outcome=chosen)
        if chosen == "left":
            return queryset.filter(status=Journey.Status.LEFT)
        opened = queryset.filter(is_current=True, status=Journey.Status.OPEN)
        if chosen == "ready":
            return opened.filter(ready_at__isnull=False)
        # The page of a single journey asks without a filter, and finds them all.
        is_list = url is not None and (url.url_name or "").endswith("_changelist")
        return opened if chosen is None and is_list else queryset


class AgentFilter(OwnerFilter):
    """Whose lead it is."""

    title = _("agent")
    parameter_name = "agent"
    column = "contact__owner"
