"""Journeys in the admin, to look at: what is done to them is done on their own page and over the API."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from pipelines.models import Journey, JourneyStep, JourneyTrack
from triggers.admin.typed import ModelAdmin, TabularInline


class _Seen:
    """Nothing of it is written by hand."""

    extra = 0
    can_delete = False

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False


class JourneyTrackInline(_Seen, TabularInline[Any, Any]):
    model = JourneyTrack
    fields = ("name", "kind", "status", "wave", "opened_at", "closed_at")


class JourneyStepInline(_Seen, TabularInline[Any, Any]):
    model = JourneyStep
    fields = ("name", "track", "required", "status", "value", "done_by", "opened_at", "closed_at")


@admin.register(Journey)
class JourneyAdmin(ModelAdmin[Journey]):
    """Where a lead stands in its map."""

    list_display = ("contact", "map", "status", "outcome", "is_current", "opened_at")
    list_filter = ("status", "outcome", "is_current", "map")
    list_select_related = ("contact", "map")
    search_fields = ("contact__first_name", "contact__last_name", "contact__email")
    inlines = (JourneyTrackInline, JourneyStepInline)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
