"""MATCH: unmatched events are claimed, judged against the live triggers of their type, and become runs.

One transaction takes a batch: claim, judge, guard, INSERT runs, mark matched. Several matchers may
work side by side: the claim keeps them apart for speed, `unique(workflow, event)` for truth.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from triggers import registry
from triggers.conditions.judge import judge, passes
from triggers.evidence import Facts, gather
from triggers.matching import compiled, followers, misses, starting
from triggers.matching.compiled import Compiled
from triggers.matching.guards import Start, admit
from triggers.models.event import Event, Lane
from triggers.models.organisation import Organisation
from triggers.models.workflow import Trigger
from triggers.running import listeners
from triggers.running.crash import crash

log = logging.getLogger(__name__)

BATCH = 300
# An event that cannot be matched is tried again after 1, 2, 4 … minutes, an hour at most.
LONGEST_BACKOFF = timedelta(hours=1)


@dataclass
class Judged:
    """What judging a batch found: starts, exits and near misses."""

    starts: list[Start] = field(default_factory=list)
    exits: list[Start] = field(default_factory=list)
    near: list[misses.Found] = field(default_factory=list)


def match_due(lane: Lane = Lane.FAST, limit: int = BATCH, now: datetime | None = None) -> int:
    """Matches the oldest unmatched events of a lane; how many were taken, 0 when none is due."""
    now = now or timezone.now()
    with transaction.atomic():
        events = claim(lane, limit, now)
        if events:
            match_contained(events, now)
            crash("events.matched")
    return len(events)


def claim(lane: Lane, limit: int, now: datetime) -> list[Event]:
    """Locks the oldest unmatched events for this transaction, passing over those another matcher holds."""
    due = Event.objects.filter(Q(match_after=None) | Q(match_after__lte=now), matched_at=None, lane=lane)
    return list(due.select_for_update(skip_locked=True).order_by("id")[:limit])


def match(events: Sequence[Event], now: datetime) -> None:
    """Judges the events and starts their runs, within the caller's transaction."""
    judged = judge_all(events, now)
    starting.end(judged.exits, now)
    if judged.starts:
        starting.begin(admit(judged.starts, now), now)
        # Once more for what has just begun: an exit ends every run of an older event, of its own batch too.
        starting.end(judged.exits, now)
    # Last, so that a goal reached within the batch finds the run that it is to move.
    listeners.notify(events, now)
    misses.note(judged.near, now)
    followers.tell(events, now)
    Event.objects.filter(pk__among=[event.pk for event in events]).update(matched_at=now, match_error="")


def judge_all(events: Sequence[Event], now: datetime) -> Judged:
    """Every live trigger's answer to each event. Reads only."""
    books = compiled.books({event.type for event in events})
    wanted = {name for book in books.values() for name in book.namespaces}
    facts = gather(events, wanted)
    living = _living(events, books)
    zone = Organisation.get().zone
    found = Judged()
    for event in events:
        for entry in books[event.type].candidates(facts[event.pk]):
            if event.only_workflow in (None, entry.workflow_id) and event.only_trigger in ("", entry.uid):
                if event.contact_id is None or event.contact_id in living:
                    _judge_one(entry, event, facts[event.pk], now, zone, found)
                else:
                    found.near.append(misses.Found(Start(entry, event), _("The contact has been deleted since.")))
    return found


def _judge_one(entry: Compiled, event: Event, facts: Facts, now: datetime, zone: ZoneInfo, found: Judged) -> None:
    start = Start(entry, event)
    if entry.kind == Trigger.Kind.START and event.occurred_at < entry.enabled_at:
        found.near.append(misses.Found(start, _("The workflow went live after this happened.")))
    elif not passes(entry.node, facts, now, zone):
        found.near.append(misses.Found.of(start, judge(entry.node, facts, now, zone)))
    elif entry.kind == Trigger.Kind.EXIT:
        found.exits.append(start)
    else:
        verdict = judge(entry.node, facts, now, zone).as_json() if entry.tree else None
        found.starts.append(Start(entry, event, verdict))


def _living(events: Iterable[Event], books: dict[str, compiled.TypeBook]) -> set[int]:
    """The contacts that are still there, or need not be: a run for nobody must not start."""
    told = [event for event in events if event.contact_id is not None and books[event.type].entries]
    ids = {event.contact_id for event in told if event.contact_id is not None}
    spared = {event.contact_id for event in told if not registry.events.find(event.type).subject_remains}
    source = registry.facts.get("contact")
    there = source.existing(ids) if source and ids else ids
    return there | {contact_id for contact_id in spared if contact_id is not None}


def match_contained(events: list[Event], now: datetime) -> None:
    """Matches a batch within the caller's transaction; when that fails, its halves, down to the one bad event.

    So one bad event stops no other: it waits with its error, and is tried again ever more rarely.
    """
    if len(events) < 2:
        for event in events:
            _match_alone(event, now)
        return
    try:
        with transaction.atomic():
            match(events, now)
    except Exception:
        log.exception("matching a batch of %d failed; matching its halves", len(events))
        half = len(events) // 2
        match_contained(events[:half], now)
        match_contained(events[half:], now)


def _match_alone(event: Event, now: datetime) -> None:
    try:
        with transaction.atomic():
            match([event], now)
    except Exception as error:
        log.exception("event %s cannot be matched", event.pk)
        wait = min(timedelta(minutes=2**event.match_attempts), LONGEST_BACKOFF)
        Event.objects.filter(pk=event.pk).update(
            match_attempts=F("match_attempts") + 1, match_after=now + wait, match_error=repr(error)[:300]
        )
