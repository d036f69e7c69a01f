"""Backfill: start a workflow for past events, or for all contacts that match.

Counted first; then started in portions by the sweep, so many a minute, on the bulk lane, until it is
done or cancelled. A key for each start makes a second backfill over the same events start nothing twice.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from triggers import registry
from triggers.conditions import tree as conditions
from triggers.explaining import crowd, enrolling
from triggers.explaining.dry_run import judged
from triggers.models.backfill import Backfill
from triggers.models.event import Event, Lane
from triggers.models.workflow import Workflow
from triggers.problems import Invalid, Problem
from triggers.workflows import document

CHUNK: Final = 500


def prepare(
    workflow: Workflow, over: str, *, since: datetime | None = None, tree: dict[str, Any] | None = None,
    per_minute: int = 60, by: Any = None,
) -> Backfill:  # fmt: skip
    """Counts what a backfill would start and stores it, to be begun by `begin`. Raises `Invalid`."""
    enrolling.require_live(workflow)
    problems = conditions.check(tree, crowd.lookup) if tree is not None else []
    if problems:
        raise Invalid([Problem(("conditions", *p.path), p.message) for p in problems])
    made = Backfill(workflow=workflow, over=over, since=since, conditions=tree, per_minute=per_minute, created_by=by)
    made.matching = sum(1 for _found in _matching(made, timezone.now()))
    made.save()
    return made


def begin(backfill: Backfill) -> None:
    """Lets the sweep start it, from the beginning."""
    Backfill.objects.filter(pk=backfill.pk, status=Backfill.Status.COUNTED).update(
        status=Backfill.Status.RUNNING, last_at=timezone.now()
    )


def cancel(backfill: Backfill) -> None:
    """Starts no more; what has been started goes on."""
    Backfill.objects.filter(pk=backfill.pk).exclude(status=Backfill.Status.DONE).update(
        status=Backfill.Status.CANCELLED
    )


def go_on(now: datetime | None = None) -> int:
    """Starts the next portion of every running backfill; how many runs were asked for."""
    now = now or timezone.now()
    return sum(_portion(pk, now) for pk in _running().values_list("pk", flat=True))


def _running() -> QuerySet[Backfill]:
    return Backfill.objects.filter(status=Backfill.Status.RUNNING)


@transaction.atomic
def _portion(pk: int, now: datetime) -> int:
    backfill = _running().select_for_update(skip_locked=True).filter(pk=pk).first()
    if backfill is None:
        return 0
    elapsed = now - (backfill.last_at or now)
    allowed = min(CHUNK, int(elapsed / timedelta(minutes=1) * backfill.per_minute))
    if allowed < 1:
        return 0
    started = 0
    for key, subject in _matching(backfill, now):
        backfill.cursor = key
        started += _start(backfill, subject, now)
        if started >= allowed:
            break
    else:
        backfill.status = Backfill.Status.DONE
    backfill.started, backfill.last_at = backfill.started + started, now
    backfill.save()
    return started


def _matching(backfill: Backfill, now: datetime) -> Iterator[tuple[int, Any]]:
    """Id and subject of what is still to be started, in order: past events, or contacts."""
    if backfill.over == Backfill.Over.EVENTS:
        return _past_events(backfill, now)
    return ((pk, pk) for pk in crowd.members(backfill.conditions, now, backfill.cursor))


def _past_events(backfill: Backfill, now: datetime) -> Iterator[tuple[int, Event]]:
    doc = document.of_version(backfill.workflow.current_id or 0)
    types = {entry.event for entry in doc.triggers}
    past = Event.objects.filter(type__in=types, pk__gt=backfill.cursor, muted=False, only_workflow=None)
    if backfill.since:
        past = past.filter(occurred_at__gte=backfill.since)
    past = past.exclude(run__workflow=backfill.workflow_id).filter(pk__lte=_newest())
    for chunk in _chunks(past.order_by("id").iterator(CHUNK)):
        over = _lapsed(chunk)
        for event in chunk:
            if event.pk not in over and any(judged(entry, event, now)["passed"] for entry in doc.triggers):
                yield event.pk, event


def _chunks(events: Iterator[Event]) -> Iterator[list[Event]]:
    while chunk := list(islice(events, CHUNK)):
        yield chunk


def _lapsed(events: list[Event]) -> set[int]:
    """Those for whose subjects it is too late."""
    found: set[int] = set()
    for key in {event.type for event in events}:
        found |= registry.events.find(key).lapsed([event for event in events if event.type == key])
    return found


def _newest() -> int:
    return Event.objects.order_by("-id").values_list("pk", flat=True).first() or 0


def _start(backfill: Backfill, subject: Event | int, now: datetime) -> int:
    """Starts the workflow for one event or contact; 0 where it was started for it before."""
    if isinstance(subject, Event):
        enrolling.start(backfill.workflow, subject, now, Lane.BULK)
        return 1
    return int(enrolling.enrol_once(backfill.workflow, subject, f"backfill:{backfill.pk}:{subject}", now))
