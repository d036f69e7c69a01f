"""What is done to many runs at once: asked first, with their number; each run is judged by itself."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from triggers import operations
from triggers.models import Run
from triggers.operations import NotNow

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

# As many as one request can do while a person waits; what is more, is asked for again.
MOST: Final = 500


@dataclass(frozen=True)
class Bulk:
    """One thing to do: the question before it, and what is told after; both are counted."""

    name: str
    label: Any
    question: Any
    told: Any
    act: Callable[[Run, str, Any], Any]
    asks: Any = ""


BULK: Final = (
    Bulk(
        "retry_chosen", gettext_lazy("Try again"),
        ngettext_lazy("Try %(n)d run again?", "Try %(n)d runs again?", "n"),
        ngettext_lazy("%(n)d run goes on.", "%(n)d runs go on.", "n"),
        lambda run, _why, by: operations.retry(run, by=by),
    ),
    Bulk(
        "skip_chosen", gettext_lazy("Skip the action they stand at"),
        ngettext_lazy("Skip an action in %(n)d run?", "Skip an action in %(n)d runs?", "n"),
        ngettext_lazy("%(n)d run goes on with the next action.", "%(n)d runs go on with the next action.", "n"),
        lambda run, _why, by: operations.skip(run, by=by),
    ),
    Bulk(
        "stop_chosen", gettext_lazy("Stop"),
        ngettext_lazy("Stop %(n)d run?", "Stop %(n)d runs?", "n"),
        ngettext_lazy("%(n)d run is stopped.", "%(n)d runs are stopped.", "n"),
        lambda run, why, by: operations.stop(run, why, by=by), gettext_lazy("Why, for the record"),
    ),
)  # fmt: skip


class BulkRuns(_Admin):
    """Gives the list of runs its bulk operations, for those who may operate runs."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """In place of Django's own, which would delete."""
        if not request.user.has_perm("triggers.operate_run"):
            return {}
        return {each.name: (_does(each), each.name, each.label) for each in BULK}


def _does(bulk: Bulk) -> Callable[[Any, HttpRequest, QuerySet[Run]], HttpResponse]:
    def do(model_admin: Any, request: HttpRequest, chosen: QuerySet[Run]) -> HttpResponse:
        runs = list(chosen.order_by("id")[:MOST])
        if "confirmed" not in request.POST:
            return _ask(model_admin, request, bulk, runs)
        told, refused = _carry_out(bulk, runs, request)
        if told:
            messages.success(request, bulk.told % {"n": told})
        for why, number in refused.items():
            left = ngettext("%(n)d run was left as it is: %(why)s", "%(n)d runs were left as they are: %(why)s", number)
            messages.warning(request, left % {"n": number, "why": why})
        return redirect(request.get_full_path())

    return do


def _carry_out(bulk: Bulk, runs: Iterable[Run], request: HttpRequest) -> tuple[int, Counter[str]]:
    """How many it was done to, and how many were refused for which reason."""
    done, refused = 0, Counter[str]()
    for run in runs:
        try:
            bulk.act(run, request.POST.get("said", "").strip(), request.user)
        except NotNow as error:
            refused[str(error.problems[0].message)] += 1
        else:
            done += 1
    return done, refused


def _ask(model_admin: Any, request: HttpRequest, bulk: Bulk, runs: list[Run]) -> HttpResponse:
    states = Counter(str(run.get_status_display()) for run in runs)
    context = {
        **model_admin.admin_site.each_context(request), "opts": model_admin.opts,
        "title": bulk.question % {"n": len(runs)}, "original": _("Several at once"), "bulk": bulk, "runs": runs,
        "states": states.most_common(), "checkbox": ACTION_CHECKBOX_NAME, "most": MOST if len(runs) == MOST else 0,
        "workflows": len({run.workflow_id for run in runs}),
    }  # fmt: skip
    return TemplateResponse(request, "admin/triggers/run/bulk.html", context)
