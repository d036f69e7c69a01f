"""Claims: which due runs this worker takes, so that no two workers move one run.

Within a transaction the row lock keeps others off (SKIP LOCKED; on SQLite the single writer does).
For calls outside, the claim is committed first, as a lease with a number of its own.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from triggers.models.event import Lane
from triggers.models.run import Run


def claim(lane: Lane, limit: int, now: datetime, spare: Collection[str] = (), *, newest: bool = False) -> list[Run]:
    """Locks the runs of a lane that are longest due, but for those to the receivers in `spare`.

    `newest` takes those that became due last: every second batch does, so that one workflow's long queue
    does not keep others waiting behind it.
    """
    due = _due(lane, now)
    if spare:
        due = due.exclude(target__in=spare)
    locked = due.select_for_update(skip_locked=True, of=("self",))
    return list(locked.select_related("event").order_by("-due_at" if newest else "due_at")[:limit])


def is_due(lane: Lane, now: datetime) -> bool:
    """Whether any run of the lane is waiting to be claimed."""
    return _due(lane, now).exists()


def _due(lane: Lane, now: datetime) -> QuerySet[Run]:
    return Run.objects.filter(lane=lane, status__in=Run.QUEUED, due_at__lte=now)


def claim_one(run_id: int) -> Run | None:
    """Locks one active run for a person's act, waiting for whoever holds it."""
    return (
        Run.objects.select_for_update(of=("self",)).select_related("event")
        .filter(pk=run_id, status__in=Run.ACTIVE).first()
    )  # fmt: skip
