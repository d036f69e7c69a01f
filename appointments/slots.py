"""When a calendar can be booked: its opening hours, less what is booked and what its members do elsewhere.

Opening times are read by the calendar's clocks, and appointments follow one another in real time from there on: an
hour that the clocks leave out holds no slots, and one that comes twice holds them twice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Count

from appointments.models import RELEASED, Appointment, BusyTime, Calendar, DayHours, Occupied, OpenHours
from appointments.models.calendar import GRAIN_MINUTES
from triggers.models import Organisation
from triggers.running.windows import local

GRAIN: Final = timedelta(minutes=GRAIN_MINUTES)
DAY: Final = timedelta(days=1)
# As much as one page or one request asks for.
LONGEST: Final = timedelta(days=62)
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Slot:
    """A moment at which the calendar can be booked, and by whom it would be kept."""

    start: datetime
    users: tuple[int, ...]


def free(
    calendar: Calendar, since: datetime, until: datetime, now: datetime, *,
    sparing: Appointment | None = None, anyhow: bool = False,
) -> list[Slot]:  # fmt: skip
    """The slots that begin within `since` <= start < `until`, in order; `until` at most 62 days later counts.

    `sparing` is an appointment about to be moved, whose own time counts as free. `anyhow` lets staff book outside of
    notice and horizon.
    """
    since, until = since.astimezone(UTC), min(until, since + LONGEST).astimezone(UTC)
    if not anyhow:
        since = max(since, now + timedelta(hours=calendar.notice_hours))
        until = min(until, now + timedelta(days=calendar.horizon_days))
    members = members_of(calendar)
    if since >= until or not members:
        return []
    rows = list(calendar.hours.order_by("starts")), list(calendar.days.order_by("starts"))
    starts = {user: set(_starts(calendar, _Hours(*rows, user), since, until)) for user in members}
    taken = _taken(calendar, members, since, until, sparing)
    for user in members:
        starts[user] = {start for start in starts[user] if not _is_taken(calendar, start, taken[user])}
    return _together(calendar, members, starts)


def members_of(calendar: Calendar) -> list[int]:
    """Who keeps its appointments, in their order; without those who have left."""
    rows = calendar.members.filter(user__is_active=True).order_by("position", "pk")
    return list(rows.values_list("user", flat=True))


def grains(start: datetime, end: datetime) -> Iterator[datetime]:
    """The five minutes that a span touches, by their beginnings."""
    at = datetime.fromtimestamp(start.timestamp() // GRAIN.total_seconds() * GRAIN.total_seconds(), UTC)
    while at < end:
        yield at
        at += GRAIN


def around(calendar: Calendar, start: datetime, end: datetime) -> Span:
    """The span with what is kept free around it."""
    return start - timedelta(minutes=calendar.buffer_before), end + timedelta(minutes=calendar.buffer_after)


def in_turn(calendar: Calendar, users: Collection[int], now: datetime) -> list[int]:
    """The members, whoever has the fewest appointments of this calendar from a month ago on first."""
    lately = Appointment.objects.filter(calendar=calendar, user__in=users, start_at__gte=now - 30 * DAY)
    counted = lately.exclude(status__in=RELEASED).order_by().values_list("user").annotate(n=Count("pk"))
    numbers, places = dict(counted), {user: place for place, user in enumerate(members_of(calendar))}
    return sorted(users, key=lambda user: (numbers.get(user, 0), places.get(user, len(places))))


def _together(calendar: Calendar, members: list[int], starts: Mapping[int, set[datetime]]) -> list[Slot]:
    if calendar.kind == Calendar.Kind.COLLECTIVE:
        shared = set.intersection(*starts.values())
        return [Slot(start, tuple(members)) for start in sorted(shared)]
    found = sorted(set.union(*starts.values()))
    return [Slot(start, tuple(user for user in members if start in starts[user])) for start in found]


def _starts(calendar: Calendar, hours: "_Hours", since: datetime, until: datetime) -> Iterator[datetime]:
    """Every moment at which an appointment may begin, by one member's opening hours alone."""
    zone, length, step = calendar.zone, timedelta(minutes=calendar.minutes), timedelta(minutes=calendar.step)
    first, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date()
    for ahead in range((last - first).days + 1):
        for opens, closes in hours.on(first + ahead * DAY, zone):
            at = opens
            while at + length <= closes:
                if since <= at < until:
                    yield at
                at += step


class _Hours:
    """The opening hours of one member: their own where they have any, else those for all."""

    def __init__(self, weekly: Iterable[OpenHours], days: Iterable[DayHours], user: int) -> None:
        fitting = [row for row in weekly if row.user_id in (None, user)]
        own = [row for row in fitting if row.user_id == user]
        self.weekly: dict[int, list[tuple[time, time]]] = defaultdict(list)
        for row in own or fitting:
            self.weekly[row.weekday].append((row.starts, row.ends))
        self.days: dict[date, list[DayHours]] = defaultdict(list)
        for each in days:
            if each.user_id in (None, user):
                self.days[each.day].append(each)
        self.user, self.holidays = user, set(Organisation.get().holidays)

    def on(self, day: date, zone: ZoneInfo) -> Iterator[Span]:
        """The spans in which a day is open, as moments."""
        for starts, ends in self._clocks(day):
            until = "24:00" if ends == time(0) else ends.isoformat("minutes")
            opens, closes = local(day, starts.isoformat("minutes"), zone), local(day, until, zone)
            yield opens.astimezone(UTC), closes.astimezone(UTC)

    def _clocks(self, day: date) -> Iterable[tuple[time, time]]:
        rows = self.days.get(day, [])
        rows = [row for row in rows if row.user_id == self.user] or rows
        if rows:
            return [(row.starts, row.ends) for row in rows if row.starts is not None and row.ends is not None]
        return [] if day.isoformat() in self.holidays else self.weekly.get(day.isoweekday(), [])


@dataclass
class _Taken:
    """What a member has no time for: five minutes that are booked, and spans elsewhere."""

    grains: set[datetime]
    spans: list[Span]


def _taken(
    calendar: Calendar, users: list[int], since: datetime, until: datetime, sparing: Appointment | None
) -> dict[int, _Taken]:
    first, last = around(calendar, since, until + timedelta(minutes=calendar.minutes))
    found = {user: _Taken(set(), []) for user in users}
    booked = Occupied.objects.filter(user__in=users, at__gt=first - GRAIN, at__lt=last)
    if sparing is not None:
        booked = booked.exclude(appointment=sparing)
    for user, at in booked.values_list("user", "at"):
        found[user].grains.add(at)
    elsewhere = BusyTime.objects.filter(user__in=users, end_at__gt=first, start_at__lt=last)
    for user, start, end in elsewhere.values_list("user", "start_at", "end_at"):
        found[user].spans.append((start, end))
    return found


def _is_taken(calendar: Calendar, start: datetime, taken: _Taken) -> bool:
    first, last = around(calendar, start, start + timedelta(minutes=calendar.minutes))
    if any(begins < last and ends > first for begins, ends in taken.spans):
        return True
    return bool(taken.grains) and any(at in taken.grains for at in grains(first, last))
