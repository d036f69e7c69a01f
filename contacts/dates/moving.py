"""Who moves to another time zone on the very day: what their old clock had still to bring is told as they move.

For whoever moves from New York to Berlin at five in the morning, nine o'clock is past before it came. Each change of
a contact's zone is a row, written in the change's transaction.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from contacts.dates.timing import DayOptions, Firing, spread
from contacts.dates.zones import zone_of
from contacts.models import Contact, ZoneChange
from triggers.event_types import Row
from triggers.running.windows import local
from triggers.scanning import CATCH_UP
from triggers.signals import rows_told

COLUMN: Final = "time_zone"
CHUNK: Final = 2000
ONE: Final = timedelta(days=1)


def connect() -> None:
    """Called once, when all apps are ready."""
    rows_told.connect(_after_change, sender=Contact, dispatch_uid="zone_changes")


def crossings(options: DayOptions, since: datetime, until: datetime, ours: ZoneInfo) -> Iterator[Firing]:
    """Every target date whose moment lay ahead in the zone that a contact left within the window, and is past in
    the one it came to; by contact, told of at the moment of the move. `ours` is the account's zone.
    """
    by_day: dict[date, dict[str | int, datetime]] = defaultdict(dict)
    changes = ZoneChange.objects.filter(at__gt=since, at__lte=until).order_by("at")
    for contact_id, before, after, at in changes.values_list("contact_id", "before", "after", "at"):
        for day in _passed_over(zone_of(before, ours), zone_of(after, ours), options.at, at):
            by_day[day].setdefault(contact_id, at)
    return spread(by_day, options.offsets)


def purge(now: datetime) -> int:
    """Deletes what no scan looks back to any more; how many rows."""
    return ZoneChange.objects.filter(at__lt=now - CATCH_UP - ONE).delete()[0]


def _passed_over(before: ZoneInfo, after: ZoneInfo, clock: str, at: datetime) -> Iterator[date]:
    """The local days whose hour was still to come by the old clock, and is past by the new one."""
    today = at.astimezone(after).date()
    for day in (today - ONE, today, today + ONE):
        if local(day, clock, after) <= at < local(day, clock, before):
            yield day


def _after_change(created: bool, rows: list[Row], **_: Any) -> None:
    changed = [(row.pk, row.changes((COLUMN,)).get(COLUMN)) for row in rows] if not created else ()
    _record([(pk, change["old"], change["new"]) for pk, change in changed if change])


def _record(changes: list[tuple[int, str, str]]) -> None:
    if changes:
        now = timezone.now()
        made = (ZoneChange(contact_id=pk, before=before, after=after, at=now) for pk, before, after in changes)
        ZoneChange.objects.bulk_create(made, batch_size=CHUNK)
