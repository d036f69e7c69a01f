"""Stopping runs: visibly, with a reason, and with nothing of them left waiting."""

from contextvars import ContextVar
from datetime import datetime

from django.db.models import F, QuerySet

from triggers.models.run import ActionRun, Listener, Run

# Ids of the runs stopped while a walk is under way, which must not write over what stopped them.
stopped_meanwhile: ContextVar[set[int] | None] = ContextVar("stopped_meanwhile", default=None)


def cancel(runs: QuerySet[Run], reason: str, now: datetime) -> int:
    """Stops active runs visibly; a call in flight finishes, but its result no longer moves the run."""
    ids = list(runs.filter(status__in=Run.ACTIVE).values_list("pk", flat=True))
    stopped = Run.objects.filter(pk__in=ids, status__in=Run.ACTIVE).update(
        status=Run.Status.CANCELLED, reason=reason[:300], finished_at=now, due_at=None, claim=F("claim") + 1
    )
    ActionRun.objects.filter(run__in=ids, status__in=["pending", "waiting", "held"]).update(
        status=ActionRun.Status.CANCELLED, finished_at=now, error=reason[:500]
    )
    Listener.objects.filter(run__in=ids).delete()
    walking = stopped_meanwhile.get()
    if walking is not None:
        walking.update(ids)
    return stopped
