"""The outbox: an event row is written in the transaction of the change it tells of.

So an event exists exactly when its change committed. After commit one poke says "look now"; losing
it loses seconds, never the event.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from triggers import poke
from triggers.context import Acting, acting
from triggers.event_types import EventType, Occurrence
from triggers.models.event import Event, Lane

BATCH = 1000


@dataclass(frozen=True)
class Pending:
    """An event about to be recorded: its payload, its subject, what changed, and a key no other event may have."""

    payload: EventType
    subject: tuple[str, int | None]
    changes: dict[str, Any] = field(default_factory=dict)
    key: str | None = None


def record(pending: Sequence[Pending], now: datetime | None = None) -> list[Event]:
    """Writes the events within the caller's transaction and pokes the matcher after commit."""
    if not pending:
        return []
    now, who = now or timezone.now(), acting()
    with transaction.atomic(savepoint=False):
        rows = Event.objects.bulk_create([_row(item, who, now) for item in pending], BATCH)
        _after_recording(rows, {item.payload.key for item in pending if item.payload.immediate}, now)
    return rows


def emit(payload: EventType, *, occurred_at: datetime | None = None, only_workflow: int | None = None) -> Event:
    """Records that something happened, for event types that follow no model."""
    now, who = timezone.now(), acting()
    row = _row(Pending(payload, payload.subject()), who, now)
    row.occurred_at, row.only_workflow = occurred_at or now, only_workflow
    with transaction.atomic(savepoint=False):
        row.save(force_insert=True)
        _after_recording([row], {payload.key} if payload.immediate else set())
    return row


def emit_once(
    key: str, payload: EventType, *, occurred_at: datetime | None = None, only_workflow: int | None = None
) -> tuple[Event, bool]:
    """Records the event unless one with this key exists; the row, and whether it is new."""
    now = timezone.now()
    row = _row(Pending(payload, payload.subject()), acting(), now)
    row.dedup_key, row.occurred_at, row.only_workflow = key, occurred_at or now, only_workflow
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return Event.objects.get(dedup_key=key), False
    _after_recording([row], {payload.key} if payload.immediate else set())
    return row, True


def record_occurrences(found: Mapping[str, Occurrence], only_workflow: int, only_trigger: str) -> int:
    """Records what the clock found for one trigger, by key, unless it is there already; how many are new."""
    now, who = timezone.now(), acting()
    known: set[str | None] = set()
    keys = list(found)
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        known |= set(Event.objects.filter(dedup_key__in=part).values_list("dedup_key", flat=True))
    rows = []
    for key, (payload, moment, _key) in found.items():
        if key not in known:
            row = _row(Pending(payload, payload.subject()), who, now)
            row.dedup_key, row.occurred_at = key, moment
            row.only_workflow, row.only_trigger = only_workflow, only_trigger
            rows.append(row)
    # Another scan may be at it too: what it has stored meanwhile is left alone.
    Event.objects.bulk_create(rows, BATCH, ignore_conflicts=True)
    if rows:
        poke.after_commit()
    return len(rows)


def _row(item: Pending, who: Acting, now: datetime) -> Event:
    subject_type, subject_id = item.subject
    return Event(
        type=item.payload.key,
        occurred_at=now,
        subject_type=subject_type,
        subject_id=subject_id,
        contact_id=getattr(item.payload, "contact_id", None),
        data=item.payload.model_dump(mode="json"),
        changes=item.changes,
        dedup_key=item.key,
        actor=who.actor,
        actor_id=who.actor_id,
        origin=who.origin,
        request_id=who.request_id,
        cause=who.cause,
        root=who.root,
        depth=who.depth,
        lineage=list(who.lineage),
        muted=who.muted,
        matched_at=now if who.muted else None,
        lane=Lane.BULK if who.bulk else Lane.FAST,
    )


def _after_recording(rows: Iterable[Event], immediate: set[str], now: datetime | None = None) -> None:
    rows = [row for row in rows if not row.muted]
    at_once = [row for row in rows if row.type in immediate]
    if at_once:
        # Imported here: matching stands downhill of the outbox, and only immediate events reach it directly.
        from triggers.matching import immediate as inline

        inline.carry_out(at_once, now)
    if len(at_once) < len(rows):
        poke.after_commit()
