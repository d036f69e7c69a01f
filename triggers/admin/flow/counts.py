"""How many runs went past each point of a workflow, failed there, or wait there now."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone

from triggers.models import ActionRun, Miss, Run, Workflow

DAYS: Final = 30
STANDING: Final = (ActionRun.Status.WAITING, ActionRun.Status.HELD)
PAST: Final = (ActionRun.Status.DONE, ActionRun.Status.SKIPPED)
STUCK: Final = (ActionRun.Status.FAILED, ActionRun.Status.UNCERTAIN)


@dataclass
class Counts:
    """By uid. `ways` is by uid and way out; `missed` reaches back as far as non-starts are kept."""

    started: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    ways: Counter[tuple[str, str]] = field(default_factory=Counter)


def count(workflow: Workflow, now: datetime | None = None) -> Counts:
    """The runs that began in the last 30 days, tests left out, and all that wait now; three queries."""
    since = (now or timezone.now()) - timedelta(days=DAYS)
    found = Counts()
    runs = Run.objects.filter(workflow=workflow).exclude(mode=Run.Mode.TEST).order_by()
    started = runs.filter(created_at__gte=since).exclude(status=Run.Status.SKIPPED)
    found.started.update(dict(started.values_list("trigger_uid").annotate(Count("pk"))))
    misses = Miss.objects.filter(workflow_id=workflow.pk).order_by()
    found.missed.update(dict(misses.values_list("trigger_uid").annotate(Count("pk"))))
    recent = Q(run__created_at__gte=since) | Q(status__in=STANDING)
    actions = ActionRun.objects.filter(recent, run__workflow=workflow).exclude(run__mode=Run.Mode.TEST).order_by()
    for uid, status, way, number in actions.values_list("uid", "status", "outcome").annotate(Count("pk")):
        if status in PAST:
            found.passed[uid] += number
            found.ways[uid, way] += number
        elif status in STUCK:
            found.failed[uid] += number
        elif status in STANDING:
            found.waiting[uid] += number
    return found
