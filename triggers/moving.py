"""A contact becomes another: what the engine holds about it moves over, and its guards go on to hold.

The engine's rows name contacts by number. Both functions need the caller's transaction.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_noop

from triggers import languages
from triggers.models.event import Event
from triggers.models.run import Listener, Run
from triggers.running.stopping import cancel

SUBJECT: Final = "contacts.contact"


@dataclass(frozen=True)
class Moved:
    """How many events and runs changed hands, and how many active runs ended because the other has had them."""

    events: int
    runs: int
    stopped: int


@dataclass(frozen=True)
class Held:
    """A run that holds keys: as it is, and the keys it would hold for the other contact."""

    pk: int
    is_active: bool
    once_key: str | None
    active_key: str | None


def lock(contact_ids: Collection[int]) -> None:
    """Locks the contacts' active runs. Call it before you lock the contacts: workers lock in this order too."""
    active = Run.objects.filter(contact_id__in=contact_ids, status__in=Run.ACTIVE)
    list(active.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def move_contact(old: int, new: int, now: datetime) -> Moved:
    """Moves events, runs and waits from one contact to the other. Active runs go on with the new one.

    A workflow that runs once for a contact, or one at a time, has one key for both afterwards: the new
    contact's run keeps it. The old one's, if it is still active, is stopped, visibly.
    """
    stopped = _move_keys(old, new, now)
    # Events first: a matcher that holds one of them has committed its run before the runs are looked for.
    events = Event.objects.filter(contact_id=old).update(contact_id=new)
    Event.objects.filter(subject_type=SUBJECT, subject_id=old).update(subject_id=new)
    Listener.objects.filter(contact_id=old).update(contact_id=new)
    runs = Run.objects.filter(contact_id=old).update(contact_id=new)
    Run.objects.filter(contact_id=new, subject_type=SUBJECT, subject_id=old).update(subject_id=new)
    _move_lineages(old, new)
    return Moved(events, runs, stopped)


def clashes(old: int, new: int) -> int:
    """How many active runs of the old contact a move would stop."""
    return len(_clashing(_held(old, new)))


def _held(old: int, new: int) -> list[Held]:
    """The runs with keys that name the old contact: its own, and those its events started."""
    keyed = Run.objects.exclude(once_key=None, active_key=None)
    names = ("pk", "status", "once_key", "active_key")
    rows = {
        row["pk"]: row
        for found in (keyed.filter(contact_id=old), keyed.filter(event__contact_id=old))
        for row in found.values(*names)
    }
    return [
        Held(
            pk, row["status"] in Run.ACTIVE, _renamed(row["once_key"], old, new), _renamed(row["active_key"], old, new)
        )
        for pk, row in sorted(rows.items())
    ]


def _clashing(held: Iterable[Held]) -> list[int]:
    """The active runs among these whose keys another run holds."""
    held = list(held)
    once, active = _taken(held)
    return [row.pk for row in held if row.is_active and (row.once_key in once or row.active_key in active)]


def _taken(held: Collection[Held]) -> tuple[set[Any], set[Any]]:
    """The once-keys that other runs hold, and the active keys that other active runs hold."""
    others = Run.objects.exclude(pk__in=[row.pk for row in held])
    once = others.filter(once_key__in=[row.once_key for row in held if row.once_key])
    active = others.filter(active_key__in=[row.active_key for row in held if row.active_key], status__in=Run.ACTIVE)
    return set(once.values_list("once_key", flat=True)), set(active.values_list("active_key", flat=True))


def _move_keys(old: int, new: int, now: datetime) -> int:
    held = _held(old, new)
    once, _active = _taken(held)
    said = gettext_noop("Its contact was merged with one for whom this workflow has run already, or is running.")
    reason = languages.stored(said)
    stopped = cancel(Run.objects.filter(pk__in=_clashing(held)), reason, now)
    for row in held:
        kept = None if row.once_key in once else row.once_key
        Run.objects.filter(pk=row.pk).update(once_key=kept, active_key=row.active_key)
    return stopped


def _move_lineages(old: int, new: int) -> None:
    """What is still to be matched, or is running, knows its own effects by the new contact."""
    mine = Event.objects.filter(contact_id=new).exclude(lineage=[])
    ids = {
        *mine.filter(matched_at=None).values_list("pk", flat=True),
        *mine.filter(run__status__in=Run.ACTIVE).values_list("pk", flat=True),
    }
    for event in Event.objects.filter(pk__in=ids).only("lineage"):
        lineage = [_renamed(link, old, new) for link in event.lineage]
        if lineage != event.lineage:
            Event.objects.filter(pk=event.pk).update(lineage=lineage)


def _renamed(key: str | None, old: int, new: int) -> str | None:
    """A guard's key such as `12@contact:5` or `12@contact:5/481` with the new contact in it."""
    if key is None:
        return None
    return re.sub(rf"@(contact|{re.escape(SUBJECT)}):{old}(?=/|$)", rf"@\g<1>:{new}", key)


def active_of(contact_ids: Collection[int]) -> int:
    """How many runs of these contacts are still active."""
    return Run.objects.filter(contact_id__in=contact_ids, status__in=Run.ACTIVE).count()
