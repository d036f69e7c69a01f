"""Sending windows: messages wait for the hours a workflow allows, reckoned in its time zone."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from triggers import registry
from triggers.action_types import Action
from triggers.models.run import Run
from triggers.shelf import Shelf
from triggers.workflows.document import Document, Window

# A year of closed days means the windows can never open; the run then goes on rather than wait for ever.
HORIZON = 366


def next_open(doc: Document, run: Run, kind: type[Action], now: datetime, shelf: Shelf) -> datetime | None:
    """When the action may be done, where that is later than now; None when it may be done at once."""
    if not (kind.sends and doc.settings.windows):
        return None
    opens = opening(doc.settings.windows, _zone(doc, run, shelf), now, set(shelf.organisation.holidays))
    return opens if opens is not None and opens > now else None


def opening(windows: Iterable[Window], zone: ZoneInfo, now: datetime, holidays: set[str]) -> datetime | None:
    """The first moment from `now` on that lies in a window and on no holiday; None if there is none in a year."""
    windows = list(windows)
    today = now.astimezone(zone).date()
    for ahead in range(HORIZON):
        day = today + timedelta(days=ahead)
        if day.isoformat() in holidays:
            continue
        moments = [m for w in windows if day.isoweekday() in w.weekdays for m in _within(w, day, zone, now)]
        if moments:
            return min(moments)
    return None


def local(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The moment of a local clock time; in a gap of the zone the first that exists, in an overlap the first."""
    if clock == "24:00":
        return local(day + timedelta(days=1), "00:00", zone)
    naive = datetime.combine(day, time.fromisoformat(clock))
    while not _exists(naive, zone):
        naive += timedelta(minutes=1)
    return naive.replace(tzinfo=zone)


def _exists(naive: datetime, zone: ZoneInfo) -> bool:
    """Whether the zone's clocks ever show this time: one in a gap comes back from UTC as another."""
    return naive.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == naive


def _within(window: Window, day: date, zone: ZoneInfo, now: datetime) -> list[datetime]:
    start, end = local(day, window.start, zone), local(day, window.end, zone)
    return [max(start, now)] if max(start, now) < end else []


def _zone(doc: Document, run: Run, shelf: Shelf) -> ZoneInfo:
    own = None
    if doc.settings.timezone == "contact" and run.contact_id is not None and "contact" in registry.facts:
        own = shelf.read("contact", run.contact_id).get("time_zone")
    return doc.zone(own, shelf.organisation)
