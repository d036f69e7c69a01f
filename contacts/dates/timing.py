"""When a date of a contact is due: days before, on or after it, at a local time, in the right zone, every year.

The clock asks for what became due within a window. `Firings` turns that around: which calendar dates have
their moment in the window, and for contacts of which time zones, so that one query by index finds the contacts.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import Field, model_validator

from contacts.dates import wording
from triggers.event_types import Options
from triggers.running.windows import local

LeapDay = Literal["28 February", "1 March", "leap years only"]
Days = Annotated[int, Field(ge=1, le=365)]
ONE = timedelta(days=1)
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"


class DayOptions(Options):
    """Which days around a date count, at what local time, in whose time zone, and what 29 February means."""

    days_before: list[Days] = Field(default=[], max_length=12, title=gettext_noop("Days before"))
    on_the_day: bool = Field(True, title=gettext_noop("On the day itself"))
    days_after: list[Days] = Field(default=[], max_length=12, title=gettext_noop("Days after"))
    at: str = Field(default="09:00", pattern=CLOCK, title=gettext_noop("At"))
    timezone: Literal["account", "contact"] = Field(
        "account",
        title=gettext_noop("Time zone"),
        json_schema_extra={
            "labels": {"account": gettext_noop("The organisation's"), "contact": gettext_noop("The contact's")}
        },
    )
    leap_day: LeapDay = Field(
        "28 February",
        title=gettext_noop("29 February, in other years"),
        json_schema_extra={
            "labels": {
                "28 February": gettext_noop("28 February"),
                "1 March": gettext_noop("1 March"),
                "leap years only": gettext_noop("Not at all"),
            }
        },
    )

    @model_validator(mode="after")
    def _names_a_day(self) -> "DayOptions":
        if not self.offsets:
            raise ValueError(_("Choose at least one day: on the day, days before or days after."))
        return self

    @property
    def offsets(self) -> list[int]:
        """Days from the date to the firing, negative before it."""
        return [*(-n for n in self.days_before), *([0] if self.on_the_day else []), *self.days_after]

    def in_words(self) -> str:
        return ", ".join(filter(None, (wording.days_and_time(self), wording.leap_day(self))))


@dataclass(frozen=True)
class Firing:
    """Dates that fall on `target` are told of `offset` days from it, each at its moment.

    `moments` has them by the name of the zone; those of contacts who moved by the contact's number.
    """

    target: date
    offset: int
    moments: Mapping[str | int, datetime]


def firings(options: DayOptions, since: datetime, until: datetime, zones: frozenset[str]) -> Iterator[Firing]:
    """Every target date whose moment lies in `since` < moment <= `until` by the clocks of these zones."""
    by_day: dict[date, dict[str | int, datetime]] = defaultdict(dict)
    for name, day, moment in _local_moments(zones, options.at, since, until):
        by_day[day][name] = moment
    return spread(by_day, options.offsets)


def spread(by_day: Mapping[date, Mapping[str | int, datetime]], offsets: Sequence[int]) -> Iterator[Firing]:
    """Of each day and its moments, what is told then: the dates so many days from it."""
    for day, moments in sorted(by_day.items()):
        for offset in offsets:
            yield Firing(day - timedelta(days=offset), offset, moments)


def anniversaries(target: date, leap_day: LeapDay) -> set[tuple[int, int]]:
    """Month and day of the dates whose yearly return falls on the target."""
    found = {(target.month, target.day)}
    in_leap_year = target.year % 4 == 0 and (target.year % 100 != 0 or target.year % 400 == 0)
    if not in_leap_year and (target.month, target.day) == _STANDS_IN.get(leap_day):
        found.add((2, 29))
    return found


_STANDS_IN: Mapping[str, tuple[int, int]] = {"28 February": (2, 28), "1 March": (3, 1)}


def _local_moments(
    names: frozenset[str], at: str, since: datetime, until: datetime
) -> Iterator[tuple[str, date, datetime]]:
    """Zone, local day and moment of each time the zone's clocks show `at` within the window."""
    # Local days begin and end up to a day apart from those of UTC.
    day, last = since.astimezone(UTC).date() - ONE, until.astimezone(UTC).date() + ONE
    while day <= last:
        moments = _of_day(names, day, at)
        for index in range(bisect_right(moments, since, key=_moment), len(moments)):
            moment, name = moments[index]
            if moment > until:
                break
            yield name, day, moment
        day += ONE


@lru_cache(maxsize=64)
def _of_day(names: frozenset[str], day: date, at: str) -> list[tuple[datetime, str]]:
    """When each zone's clocks show `at` on a local day, earliest first. Kept: scans ask for the same days all day."""
    return sorted((local(day, at, ZoneInfo(name)).astimezone(UTC), name) for name in names)


def _moment(each: tuple[datetime, str]) -> datetime:
    return each[0]
