"""What several change lists share: names for contact numbers, and a filter by workflow."""

from datetime import datetime
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from triggers.models import Run, Workflow
from triggers.wording import moments, people
from triggers.wording.look import pill

MOST_WORKFLOWS: Final = 40


class NamedList(ChangeList):
    """A list whose rows have a `contact_id`: their contacts' names come in one go, as `contact_called`."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        names = people.contact_names(row.contact_id for row in rows)
        for row in rows:
            row.contact_called = names.get(row.contact_id, "")
        self.result_list = rows


class WorkflowFilter(admin.SimpleListFilter):
    """By workflow, for rows that have a `workflow_id`; long lists show the first by name."""

    title = _("workflow")
    parameter_name = "workflow"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        named = Workflow.objects.order_by("name").values_list("pk", "name")
        first = {str(pk): name for pk, name in named[:MOST_WORKFLOWS]}
        chosen = request.GET.get(self.parameter_name, "")
        if chosen.isdigit() and chosen not in first:
            first |= {str(pk): name for pk, name in named.filter(pk=int(chosen))}
        return list(first.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(workflow_id=int(chosen)) if chosen and chosen.isdigit() else queryset


def run_words(run: Run, now: datetime | None = None, place: int | None = None) -> str:
    """The run's state in words: Waiting until 14:30, Failed at action 4."""
    now = now or timezone.now()
    if run.status == Run.Status.WAITING and run.due_at:
        return gettext("Waiting until %(moment)s") % {"moment": moments.short(run.due_at, now)}
    if run.status == Run.Status.PENDING and run.due_at and run.due_at > now:
        return gettext("Tries again %(moment)s") % {"moment": moments.short(run.due_at, now)}
    if run.status == Run.Status.FAILED and place:
        return gettext("Failed at action %(n)d") % {"n": place}
    return str(run.get_status_display())


def run_pill(run: Run, now: datetime | None = None, place: int | None = None) -> Any:
    return pill(run.status, run_words(run, now, place))
