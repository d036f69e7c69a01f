"""Filters of the list of opportunities: pipeline, stage, and whether they stand still."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.admin.filters import CustomFieldFilter
from contacts.custom import definitions
from contacts.custom.kinds import Kind
from pipelines.deals import board
from pipelines.models import Opportunity, Pipeline, Stage
from pipelines.models.opportunity import ON_DEALS

MOST: Final = 40
Choices = list[tuple[str, Any]]


class PipelineFilter(admin.SimpleListFilter):
    title = _("pipeline")
    parameter_name = "pipeline"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(str(pk), name) for pk, name in Pipeline.objects.values_list("pk", "name")[:MOST]]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Opportunity]") -> "QuerySet[Opportunity]":
        chosen = self.value() or ""
        return queryset.filter(pipeline=int(chosen)) if chosen.isdigit() else queryset


class StageFilter(admin.SimpleListFilter):
    """By stage; of the chosen pipeline, where one is."""

    title = _("stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        rows = Stage.objects.select_related("pipeline").order_by("pipeline__position", "pipeline", "position", "id")
        pipeline = request.GET.get("pipeline", "")
        if pipeline.isdigit():
            return [(str(stage.pk), stage.name) for stage in rows.filter(pipeline=int(pipeline))[:MOST]]
        return [(str(stage.pk), f"{stage.pipeline}: {stage}") for stage in rows[:MOST]]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Opportunity]") -> "QuerySet[Opportunity]":
        chosen = self.value() or ""
        return queryset.filter(stage=int(chosen)) if chosen.isdigit() else queryset


class StatusFilter(admin.SimpleListFilter):
    """Open, unless others are asked for."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("stale", _("Open and stale")), *Opportunity.Status.choices[1:], ("all", _("All")),
        ]  # fmt: skip

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Opportunity]") -> "QuerySet[Opportunity]":
        chosen = self.value()
        if chosen == "all":
            return queryset
        if chosen == "stale":
            stages = list(Stage.objects.filter(rotting_days__isnull=False))
            return queryset.filter(board.is_stale(stages, timezone.now()))
        return queryset.filter(status=chosen or Opportunity.Status.OPEN)


def custom_field_filters() -> list[type[CustomFieldFilter]]:
    """A filter for each custom field of deals that has few values, in their order."""
    return [
        type("CustomFieldFilter", (CustomFieldFilter,), {
            "field": field, "title": field.label, "parameter_name": f"custom_{field.key}",
        })
        for field in definitions.in_use(ON_DEALS) if field.kind in (Kind.CHOICE, Kind.MULTI_CHOICE, Kind.YESNO)
    ]  # fmt: skip
