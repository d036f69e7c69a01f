"""Filters of the list of workflows: state, health, folder."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from triggers.models import Run, Workflow

Workflows = QuerySet[Workflow]
# Of most interest first.
ORDER: Final = (
    Workflow.Status.LIVE, Workflow.Status.OBSERVING, Workflow.Status.PAUSED, Workflow.Status.DRAFT,
    Workflow.Status.ARCHIVED,
)  # fmt: skip


class StateFilter(admin.SimpleListFilter):
    """By state; what is archived is shown only when it is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        labels = dict(Workflow.Status.choices)
        return [*((status, labels[status]) for status in ORDER), ("all", _("All"))]

    def queryset(self, request: HttpRequest, queryset: Workflows) -> Workflows:
        if self.value() == "all":
            return queryset
        return queryset.filter(status=self.value()) if self.value() else queryset.exclude(status="archived")

    def chip(self, changelist: Any) -> dict[str, Any]:
        """What is told above the list while nothing was asked for: State: not archived."""
        return {
            "title": capfirst(gettext("state")), "chosen": gettext("not archived"),
            "without": changelist.get_query_string({self.parameter_name: "all"}),
        }  # fmt: skip

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Not archived first, which is what is shown when nothing is asked for; each with its number."""
        found = self.get_facet_queryset(changelist)
        numbers: dict[str | None, int] = {
            value: found[f"{place}__c"] for place, (value, _label) in enumerate(self.lookup_choices)
        }
        numbers[None] = numbers["all"] - numbers[Workflow.Status.ARCHIVED]
        for value, label in [(None, gettext("Not archived")), *self.lookup_choices]:
            asked = {self.parameter_name: value} if value else {}
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string(asked, [] if value else [self.parameter_name]),
                "display": f"{label} ({numbers[value]})",
            }


class HealthFilter(admin.SimpleListFilter):
    """What does not go well, or does not go at all."""

    title = _("health")
    parameter_name = "health"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("failed", _("Failed in 24 h")), ("never", _("Never started"))]

    def queryset(self, request: HttpRequest, queryset: Workflows) -> Workflows:
        if self.value() == "failed":
            since = timezone.now() - timedelta(days=1)
            failed = Run.objects.filter(status=Run.Status.FAILED, finished_at__gte=since)
            return queryset.filter(pk__in=failed.values("workflow"))
        return queryset.filter(run=None) if self.value() == "never" else queryset


class FolderFilter(admin.SimpleListFilter):
    """By folder, where there are any."""

    title = _("folder")
    parameter_name = "folder"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        named = Workflow.objects.exclude(folder="").order_by("folder").values_list("folder", flat=True)
        return [(name, name) for name in named.distinct()]

    def queryset(self, request: HttpRequest, queryset: Workflows) -> Workflows:
        return queryset.filter(folder=self.value()) if self.value() else queryset
