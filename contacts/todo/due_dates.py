"""When a task is due: so many minutes, hours or days from now, at a local time, weekends left out."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from triggers.running.windows import local

Unit = Literal["minutes", "hours", "days"]


def due_at(
    now: datetime, amount: int, unit: Unit, zone: ZoneInfo, *, at: str = "", skip_weekends: bool = False
) -> datetime:
    """The moment `amount` units after `now`, in UTC, reckoned in `zone`.

    Days keep the clock time through a change to summer time, or end at `at` (HH:MM); "today at" a time that
    has passed means the next day. With `skip_weekends`, Saturdays and Sundays do not count as days; minutes
    and hours that end on one are put off to the same time on Monday.
    """
    now = now.astimezone(UTC)
    moment = now if unit == "days" else now + timedelta(**{unit: amount})
    here = moment.astimezone(zone)
    days = amount if unit == "days" else 0
    day = _days_on(here.date(), days, skip_weekends)
    if not at:
        return moment if day == here.date() else _local(day, here.time().isoformat(), zone)
    due = _local(day, at, zone)
    return due if due >= now else _local(_days_on(here.date(), days + 1, skip_weekends), at, zone)


def _local(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return local(day, clock, zone).astimezone(UTC)


def _days_on(day: date, days: int, skip_weekends: bool) -> date:
    if not skip_weekends:
        return day + timedelta(days=days)
    if not days:
        return _weekday(day)
    # From a weekend the count begins as from the Friday before: one day after Saturday is Monday.
    day -= timedelta(days=max(0, day.isoweekday() - 5))
    weeks, rest = divmod(days, 5)
    day += timedelta(weeks=weeks)
    for _step in range(rest):
        day = _weekday(day + timedelta(days=1))
    return day


def _weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 8 - day.isoweekday()) if day.isoweekday() > 5 else 0)
