"""SCAN: what the clock brings. Every live trigger of a time-based type is asked what has become due for it.

The window begins a little before the last one ended, reaches back up to 48 hours after an outage, and never
to before the workflow went live. Each occurrence has a key of its own, so that windows may overlap, scans
may double and beat may stop and start: none fires twice, none is lost at a seam (engine-notes 4).
"""

import heapq
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from triggers import outbox, registry
from triggers.context import act_as
from triggers.event_types import Due, Occurrence
from triggers.matching.compiled import rehearsing
from triggers.models.event import Event
from triggers.models.organisation import Organisation
from triggers.models.scan import Scan
from triggers.models.workflow import Trigger
from triggers.outbox import Pending

log = logging.getLogger(__name__)

CATCH_UP: Final = timedelta(hours=48)
OVERLAP: Final = timedelta(minutes=10)
# More than these at once go the way of imports, so that nobody's own act waits behind them.
MANY: Final = 50
# How far ahead is looked for the next firings: a leap day is at most eight years away.
AHEAD: Final = tuple(timedelta(days=days) for days in (2, 40, 400, 1500, 3000))


def scan(event_type: str, now: datetime | None = None) -> int:
    """Records what has become due for each live trigger of the type; how many events are new."""
    now = now or timezone.now()
    kind = registry.events.find(event_type)
    assert issubclass(kind, Due)
    mark = Scan.objects.filter(workflow_id=OuterRef("workflow_id"), trigger_uid=OuterRef("uid")).values("until")
    live = Trigger.objects.filter(event_type=event_type, kind=Trigger.Kind.START).select_related("workflow")
    cast = rehearsing.get()
    if cast is not None and cast.only is not None:
        live = live.filter(workflow__in=cast.only)
    fired, idle, zone = 0, [], Organisation.get().zone
    for trigger in live.annotate(reached=Subquery(mark)):
        since = window_start(trigger, trigger.reached, now)
        try:
            found = list(kind.due(options_of(kind, trigger), since, now, zone))
            if found:
                fired += _record(trigger, found, now)
            else:
                idle.append(_mark(trigger, now))
        except Exception as error:
            # One trigger that cannot be asked stops none of the others; it is asked again from where it was.
            log.exception("scan of %s for workflow %s failed", event_type, trigger.workflow_id)
            idle.append(_mark(trigger, trigger.reached or since, repr(error)[:300]))
    _store(idle)
    return fired


def window_start(trigger: Trigger, mark: datetime | None, now: datetime) -> datetime:
    """From when on this trigger's occurrences count."""
    floor = trigger.workflow.enabled_at
    assert floor is not None
    return max(floor, now - CATCH_UP, mark - OVERLAP if mark else floor)


def options_of(kind: type[Due], trigger: Trigger) -> Any:
    return kind.Options.model_validate(trigger.config)


def upcoming(kind: type[Due], options: Any, now: datetime, count: int = 5) -> list[Occurrence]:
    """The next occurrences, soonest first, for the person who sets the trigger up; conditions are not looked at."""
    found: list[Occurrence] = []
    zone = Organisation.get().zone
    for ahead in AHEAD:
        found = heapq.nsmallest(count, kind.due(options, now, now + ahead, zone), key=lambda each: each.moment)
        if len(found) == count:
            break
    return found


def _record(trigger: Trigger, found: Sequence[Occurrence], now: datetime) -> int:
    """Stores the events that are not there yet, and how far this trigger has come, in one transaction."""
    prefix = f"{trigger.event_type}:{trigger.workflow_id}:{trigger.uid}:"
    pending = [
        Pending(payload, payload.subject(), {}, f"{prefix}{key}", moment, trigger.workflow_id, trigger.uid)
        for payload, moment, key in found
    ]
    with transaction.atomic(), act_as(actor=Event.Actor.CLOCK, origin="clock", bulk=len(pending) > MANY):
        new = outbox.record_new(pending)
        _store([_mark(trigger, now)])
    return new


def _mark(trigger: Trigger, until: datetime, error: str = "") -> Scan:
    return Scan(workflow_id=trigger.workflow_id, trigger_uid=trigger.uid, until=until, error=error)


def _store(marks: Sequence[Scan]) -> None:
    if rehearsing.get() is not None:
        return  # the clock itself would wait for the rehearsal
    Scan.objects.bulk_create(
        marks, update_conflicts=True, unique_fields=["workflow_id", "trigger_uid"], update_fields=["until", "error"]
    )
