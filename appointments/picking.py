"""The free times of a calendar as a page shows them: a week's days, each with its times, and the way to other weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from appointments import slots
from appointments.models import Appointment, Calendar
from triggers.running.windows import local

WEEK: Final = timedelta(days=7)
# Offered beside each other where a time was taken.
NEAR: Final = 12


@dataclass(frozen=True)
class Time:
    """A free moment as it is offered: its clock in the reader's zone, and where choosing it leads."""

    start: datetime
    query: str

    @property
    def value(self) -> str:
        return self.start.isoformat()


@dataclass(frozen=True)
class Day:
    """A day with its free times."""

    day: date
    times: Sequence[Time]


@dataclass(frozen=True)
class Week:
    """Seven days from one on; `earlier` and `later` lead to those around it, "" where there is nothing to book."""

    days: Sequence[Day]
    earlier: str
    later: str
    first_free: str

    @property
    def has_times(self) -> bool:
        return any(day.times for day in self.days)


def week(
    calendar: Calendar, zone: ZoneInfo, now: datetime, wanted: str, sparing: Appointment | None = None
) -> Week:  # fmt: skip
    """The week from the wanted day on, from today where that is none or past; an empty one tells the next free day."""
    today = now.astimezone(zone).date()
    last = today + timedelta(days=calendar.horizon_days)
    first = min(max(_day(wanted) or today, today), last)
    found = _free(calendar, zone, first, now, WEEK, sparing)
    days: dict[date, list[Time]] = {first + timedelta(days=n): [] for n in range(7)}
    for slot in found:
        start = slot.start.astimezone(zone)
        if start.date() in days:
            days[start.date()].append(Time(start, _query(at=start.isoformat(), zone=zone.key)))
    onward = first + WEEK
    next_free = "" if found else _next(calendar, zone, onward, now, sparing)
    return Week(
        [Day(day, times) for day, times in days.items() if times],
        _query(**{"from": max(first - WEEK, today).isoformat(), "zone": zone.key}) if first > today else "",
        _query(**{"from": onward.isoformat(), "zone": zone.key}) if onward <= last else "", next_free,
    )  # fmt: skip


def near(
    calendar: Calendar, at: datetime, zone: ZoneInfo, now: datetime, sparing: Appointment | None = None
) -> list[Time]:  # fmt: skip
    """The free times nearest to one that is not: what somebody may choose instead."""
    first = max(at.astimezone(zone).date() - timedelta(days=2), now.astimezone(zone).date())
    found = _free(calendar, zone, first, now, 2 * WEEK, sparing)
    nearest = sorted(found, key=lambda slot: abs(slot.start - at))[:NEAR]
    return [Time(slot.start.astimezone(zone), "") for slot in sorted(nearest, key=lambda slot: slot.start)]


def zones() -> list[str]:
    """Every zone that people know by name."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def _free(
    calendar: Calendar, zone: ZoneInfo, first: date, now: datetime, span: timedelta, sparing: Appointment | None
) -> list[slots.Slot]:
    since = local(first, "00:00", zone)
    return slots.free(calendar, since, local(first + span, "00:00", zone), now, sparing=sparing)


def _next(calendar: Calendar, zone: ZoneInfo, first: date, now: datetime, sparing: Appointment | None) -> str:
    """Where the next day with a free time is shown."""
    found = _free(calendar, zone, first, now, slots.LONGEST, sparing)
    day = timezone.localtime(found[0].start, zone).date() if found else None
    return _query(**{"from": day.isoformat(), "zone": zone.key}) if day else ""


def _query(**given: str) -> str:
    return f"?{urlencode(given)}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
