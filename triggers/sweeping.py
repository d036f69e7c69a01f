"""The sweep: finds whatever a lost poke, a dead worker or a passing of time left due. And the purge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from math import inf
from time import monotonic
from typing import Final

from django.db import models
from django.utils import timezone

from triggers import poke
from triggers.matching import match
from triggers.models import ActionRun, Attempt, Event, IdempotencyRecord, Miss, Run
from triggers.models.event import Lane
from triggers.running import calling, run

KEEP: Final = {
    "attempts": timedelta(days=30),
    "runs": timedelta(days=90),
    "events": timedelta(days=180),
    "misses": timedelta(days=7),
    "answers": timedelta(hours=24),
}
CHUNK: Final = 2000


# What other apps delete daily, by what it is called; each fills its own in `ready`.
purgers: dict[str, Callable[[datetime], int]] = {}


@dataclass(frozen=True)
class Chore:
    """Work of another app that is kept in rows and comes due: the lanes in which there is some, and a batch of it.

    `work` says how many rows it took, 0 when nothing is due in that lane; it contains its own failures. Work whose
    batches take longer than the lanes' tasks may has a `task` of its own, with its queue, and the lanes leave it alone.
    """

    due_lanes: Callable[[datetime], set[Lane]]
    work: Callable[[Lane, datetime], int]
    task: tuple[str, str] | None = None


# By what the work is called; each app fills its own in `ready`.
chores: dict[str, Chore] = {}


def wake(chore: str) -> None:
    """Pokes the task of a chore after the commit, so that what was just asked for need not wait for the sweep."""
    task = chores[chore].task
    if task is not None:
        poke.after_commit(task)


def due_lanes(now: datetime) -> set[Lane]:
    """The lanes in which something is due: runs, or events to match."""
    runs = Run.objects.filter(status__in=Run.QUEUED, due_at__lte=now).values_list("lane", flat=True)
    events = Event.objects.filter(matched_at=None).values_list("lane", flat=True)
    lanes = {Lane(lane) for lane in {*runs.distinct(), *events.distinct()}}
    return lanes.union(*(chore.due_lanes(now) for chore in chores.values() if chore.task is None))


def due_tasks(now: datetime) -> list[tuple[str, str]]:
    """The chores' own tasks, with their queues, for which there is work."""
    return [chore.task for chore in chores.values() if chore.task is not None and chore.due_lanes(now)]


def drain(now: datetime | None = None, *, outside: bool = True) -> int:
    """Does everything that is due, until nothing is: what all workers together would. How many rows moved.

    `now` stands still while it drains, so that tests and scripts can set the clock.
    """
    lanes = [partial(drain_lane, lane, now) for lane in (Lane.FAST, Lane.BULK)]
    calls = [partial(calling.call_due, now=now)] if outside else []
    own = [partial(_own_work, chore, now) for chore in chores.values() if chore.task is not None]
    return _until_idle([*lanes, *calls, *own], leaving_nothing=len(lanes))


def drain_lane(lane: Lane, now: datetime | None = None, seconds: float = inf) -> int:
    """Matches and walks what is due in one lane, until nothing is or so much time has passed. How many rows moved."""
    newest = cycle([False, True])
    work: list[Callable[[], int]] = [
        partial(match.match_due, lane, now=now),
        lambda: run.run_due(lane, now=now, newest=next(newest)),
        *(partial(_lane_work, chore, lane, now) for chore in chores.values() if chore.task is None),
    ]
    return _until_idle(work, until=monotonic() + seconds)


def _until_idle(work: Sequence[Callable[[], int]], *, leaving_nothing: int = 0, until: float = inf) -> int:
    """Does these in turn until each has found nothing since the last that did. How many rows moved.

    So many of the first leave nothing over themselves, and are not asked again for what they have just done. When the
    time is up, the turn is still ended, so that none of them is passed over.
    """
    moved = idle = 0
    while True:
        for number, one in enumerate(work):
            done = one()
            moved += done
            idle = int(number < leaving_nothing) if done else idle + 1
            if idle >= len(work):
                return moved
        if monotonic() > until:
            return moved


def _lane_work(chore: Chore, lane: Lane, now: datetime | None) -> int:
    return chore.work(lane, now or timezone.now())


def _own_work(chore: Chore, now: datetime | None) -> int:
    now = now or timezone.now()
    return sum(chore.work(lane, now) for lane in chore.due_lanes(now))


def purge(now: datetime | None = None) -> dict[str, int]:
    """Deletes what is past its keeping, in chunks; events of active runs stay. Rows deleted by kind."""
    now = now or timezone.now()
    old_runs = Run.objects.filter(finished_at__lt=now - KEEP["runs"]).exclude(status__in=Run.ACTIVE)
    old_events = Event.objects.filter(occurred_at__lt=now - KEEP["events"], matched_at__isnull=False)
    return {
        "attempts": _delete(Attempt.objects.filter(started_at__lt=now - KEEP["attempts"])),
        "runs": _delete(old_runs),
        "events": _delete(old_events.exclude(run__status__in=Run.ACTIVE)),
        "misses": _delete(Miss.objects.filter(at__lt=now - KEEP["misses"])),
        **{name: purger(now) for name, purger in purgers.items()},
        "answers": _delete(IdempotencyRecord.objects.filter(created_at__lt=now - KEEP["answers"])),
    }


def oldest_due(now: datetime) -> timedelta:
    """How long the longest-due piece of work has been waiting: the figure to alarm on (reliability, R10)."""
    run = Run.objects.filter(status__in=Run.QUEUED, due_at__lte=now).aggregate(at=models.Min("due_at"))["at"]
    event = Event.objects.filter(matched_at=None).order_by("id").values_list("occurred_at", flat=True).first()
    return max([timedelta(0), *(now - moment for moment in (run, event) if moment is not None)])


def _delete(queryset: models.QuerySet[models.Model]) -> int:
    total = 0
    while ids := list(queryset.values_list("pk", flat=True).order_by("pk")[:CHUNK]):
        model = queryset.model
        if model is Run:
            ActionRun.objects.filter(run__in=ids).delete()
        model._default_manager.filter(pk__in=ids).delete()
        total += len(ids)
    return total
