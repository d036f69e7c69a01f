"""What several change lists share: names for numbers, columns for moments, and filters."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

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

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object


class NamedList(ChangeList):
    """A list whose rows have a `contact_id`: their contacts' names come in one go, as `contact_called`."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        names = people.contact_names(row.contact_id for row in rows)
        for row in rows:
            row.contact_called = names.get(row.contact_id, "")
        self.result_list = rows


def moment_column(name: str, words: Any) -> Callable[..., Any]:
    """A column for a moment of the row: short, with the exact one to point at."""

    @admin.display(description=words, ordering=name, empty_value="–")
    def column(_admin: Any, row: Any) -> Any:
        return moments.shown(getattr(row, name)) or None

    return column


class _MadeByList(ChangeList):
    """Who made each row in words, in one go, as `by_called`."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        column: str = self.model_admin.by_column  # type: ignore[attr-defined]
        names = people.by_names(getattr(row, column) for row in rows)
        for row in rows:
            row.by_called = names[getattr(row, column)]
        self.result_list = rows


class MadeBy(_Admin):
    """For rows that keep in `by_column` what `context.by_whom` said: the column `by` says it in words."""

    by_column = ""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return _MadeByList

    @admin.display(description=_("by"))
    def by(self, row: Any) -> str:
        mark = getattr(row, self.by_column)
        return getattr(row, "by_called", None) or people.by_names([mark])[mark]


class GivenFilter(admin.EmptyFieldListFilter):
    """Whether the row has it: yes or no."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        everything, without, having = super().choices(changelist)
        yield from (everything, {**having, "display": _("Yes")}, {**without, "display": _("No")})


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
