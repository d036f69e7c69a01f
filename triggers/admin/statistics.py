"""How a workflow does: of the runs that began each day, how many ended, failed, or reached the goal."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import timezone

from triggers.admin import chart
from triggers.models import ActionRun, Run, Workflow
from triggers.workflows.cycles import nodes
from triggers.workflows.uses import in_force

DAYS: Final = 30
STEP: Final = 32
LABELLED: Final = 5


@dataclass(frozen=True)
class Day:
    """One day's runs by what became of them; `goal` is the share that reached the goal, in percent."""

    bar: chart.Bar
    done: int
    reached: int

    @property
    def goal(self) -> int | None:
        return share(self.reached, self.bar.started)


def share(part: int, whole: int) -> int | None:
    """A part in whole percent; None of nothing."""
    return round(100 * part / whole) if whole else None


def statistics(request: HttpRequest, workflow: Workflow, now: datetime | None = None) -> dict[str, Any]:
    """Thirty days in two queries; tests and what did not start are left out."""
    now = now or timezone.now()
    since = chart.first_moment(now, DAYS)
    runs = Run.objects.filter(workflow=workflow, created_at__gte=since)
    counted = runs.exclude(status=Run.Status.SKIPPED).exclude(mode=Run.Mode.TEST).order_by()
    rows = counted.annotate(day=TruncDate("created_at")).values_list("day", "status").annotate(Count("pk"))
    by_state: dict[str, Counter[Any]] = {"all": Counter(), Run.Status.DONE: Counter(), Run.Status.FAILED: Counter()}
    for day, status, number in rows:
        for state in {"all", status} & set(by_state):
            by_state[state][day] += number
    reached = _reached(workflow, since)
    started, failed, done = by_state["all"], by_state[Run.Status.FAILED], by_state[Run.Status.DONE]
    bars = chart.bars(now, DAYS, started, failed, STEP, LABELLED)
    days = [Day(bar, done.get(bar.day, 0), reached.get(bar.day, 0)) for bar in bars]
    totals = {"started": sum(started.values()), "done": sum(done.values()), "failed": sum(failed.values())}
    return {
        "days": days, "bars": bars, "chart_width": DAYS * STEP, "totals": totals,
        "has_goal": any(node.get("action") == "goal" for node, _path in nodes(_actions(workflow), ())),
        "reached": sum(reached.values()), "conversion": share(sum(reached.values()), totals["started"]),
        "done_share": share(totals["done"], totals["started"]),
        "failed_share": share(totals["failed"], totals["started"]),
    }  # fmt: skip


def _reached(workflow: Workflow, since: datetime) -> dict[Any, int]:
    """How many of each day's runs jumped to a goal."""
    goals = ActionRun.objects.filter(action="goal", status=ActionRun.Status.DONE, result__reached=True)
    of_runs = goals.filter(run__workflow=workflow, run__created_at__gte=since).exclude(run__mode=Run.Mode.TEST)
    by_day = of_runs.order_by().annotate(day=TruncDate("run__created_at")).values_list("day")
    return dict(by_day.annotate(Count("run", distinct=True)))


def _actions(workflow: Workflow) -> Any:
    document = in_force(workflow)
    return document.get("actions") if isinstance(document, dict) else None
