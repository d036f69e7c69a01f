"""The outbox: an event row is written in the transaction of the change it tells of.

So an event exists exactly when its change committed. After commit one poke says "look now"; losing
it loses seconds, never the event.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from triggers import poke, rows
from triggers.context import acting
from triggers.event_types import EventType
from triggers.models.event import Event, Lane


@dataclass(frozen=True)
class Pending:
    """An event about to be recorded: its payload, its subject, and what changed.

    `key` is one that no other event may have. Unless told, it happens now; `only_workflow` and `only_trigger`
    address it.
    """

    payload: EventType
    subject: tuple[str, int | None]
    changes: dict[str, Any] = field(default_factory=dict)
    key: str | None = None
    occurred_at: datetime | None = None
    only_workflow: int | None = None
    only_trigger: str = ""


def record(pending: Sequence[Pending], now: datetime | None = None) -> list[int]:
    """Writes the events within the caller's transaction and pokes the matcher after commit. Their ids."""
    now = now or timezone.now()
    return _store(pending, _columns(pending, now), now) if pending else []


def emit(payload: EventType, *, occurred_at: datetime | None = None, only_workflow: int | None = None) -> Event:
    """Records that something happened, for event types that follow no model."""
    now = timezone.now()
    pending = [Pending(payload, payload.subject(), occurred_at=occurred_at, only_workflow=only_workflow)]
    columns = _columns(pending, now)
    [pk] = _store(pending, columns, now)
    return Event(pk=pk, **columns[0])


def emit_once(
    key: str, payload: EventType, *, occurred_at: datetime | None = None, only_workflow: int | None = None
) -> tuple[Event, bool]:
    """Records the event unless one with this key exists; the row, and whether it is new."""
    now = timezone.now()
    pending = [Pending(payload, payload.subject(), {}, key, occurred_at, only_workflow)]
    columns = _columns(pending, now)
    made = _store(pending, columns, now, once=True)
    return (Event(pk=made[0], **columns[0]), True) if made else (Event.objects.get(dedup_key=key), False)


def record_new(pending: Sequence[Pending]) -> int:
    """Records those events whose keys are new; how many. What another process stores meanwhile is left alone."""
    known = _known([item.key for item in pending if item.key])
    fresh = [item for item in pending if item.key not in known]
    now = timezone.now()
    return len(_store(fresh, _columns(fresh, now), now, once=True)) if fresh else 0


def _store(
    pending: Sequence[Pending], columns: Sequence[dict[str, Any]], now: datetime, *, once: bool = False
) -> list[int]:
    """Their ids; with `once` only of those whose key was new."""
    with transaction.atomic(savepoint=False):
        ids = rows.insert(Event, columns, ignore_conflicts=once)
        if ids and not columns[0]["muted"]:
            _after_recording(pending, ids, Lane(columns[0]["lane"]), now)
    return ids


def _known(keys: Sequence[str]) -> set[str | None]:
    known: set[str | None] = set()
    for start in range(0, len(keys), rows.BATCH):
        stored = Event.objects.filter(dedup_key__in=keys[start : start + rows.BATCH])
        known |= set(stored.values_list("dedup_key", flat=True))
    return known


def _columns(pending: Iterable[Pending], now: datetime) -> list[dict[str, Any]]:
    who = acting()
    same = {
        "actor": who.actor,
        "actor_id": who.actor_id,
        "origin": who.origin,
        "request_id": who.request_id,
        "cause": who.cause,
        "root": who.root,
        "depth": who.depth,
        "lineage": list(who.lineage),
        "muted": who.muted,
        "matched_at": now if who.muted else None,
        "lane": int(Lane.BULK if who.bulk else Lane.FAST),
    }
    return [
        {
            "type": item.payload.key,
            "occurred_at": item.occurred_at or now,
            "subject_type": item.subject[0],
            "subject_id": item.subject[1],
            "contact_id": getattr(item.payload, "contact_id", None),
            "data": item.payload.model_dump(mode="json"),
            "changes": item.changes,
            "dedup_key": item.key,
            "only_workflow": item.only_workflow,
            "only_trigger": item.only_trigger,
            **same,
        }
        for item in pending
    ]


def _after_recording(pending: Sequence[Pending], ids: Sequence[int], lane: Lane, now: datetime) -> None:
    at_once = {item.payload.key for item in pending if item.payload.immediate}
    if at_once:
        # Imported here: matching stands downhill of the outbox, and only immediate events reach it directly.
        from triggers.matching import immediate

        immediate.carry_out(list(Event.objects.filter(pk__in=ids, type__in=at_once).order_by("pk")), now)
    if any(item.payload.key not in at_once for item in pending):
        poke.after_commit(lane)
