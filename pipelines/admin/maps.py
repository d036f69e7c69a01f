"""Maps with their tracks and steps, in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from pipelines.models import Map, Step, Track
from triggers.admin.typed import ModelAdmin, TabularInline


class TrackInline(TabularInline[Any, Any]):
    model = Track
    fields = ("position", "name", "kind", "description")
    extra = 0
    show_change_link = True
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(deleted_at=None)


class StepInline(TabularInline[Any, Any]):
    model = Step
    fields = ("position", "name", "control", "choices", "mirrors", "required", "done_by")
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(deleted_at=None)


@admin.register(Map)
class MapAdmin(ModelAdmin[Map]):
    """A map and its tracks."""

    list_display = ("name", "colour", "active")
    list_filter = ("active",)
    search_fields = ("name",)
    fields = ("name", "colour", "description", "active")
    inlines = (TrackInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that leads have been in is switched off instead."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.journeys.exists())


@admin.register(Track)
class TrackAdmin(ModelAdmin[Track]):
    """A track and its steps."""

    list_display = ("name", "map", "kind", "position")
    list_filter = ("map", "kind")
    list_select_related = ("map",)
    search_fields = ("name",)
    fields = ("map", "name", "kind", "description", "position")
    inlines = (StepInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Track]:
        return super().get_queryset(request).filter(deleted_at=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("map", "kind") if obj is not None else ()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """It is hidden: its steps stay with it, and nothing stands in its way."""
        return [str(track) for track in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Track) -> None:
        obj.hide()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Track]) -> None:
        for track in queryset:
            track.hide()
