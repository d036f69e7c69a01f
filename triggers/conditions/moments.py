"""The time of a judgement: one moment, one zone, and where the days of that zone begin."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Clock(NamedTuple):
    """The moment conditions are judged at, in UTC, and the zone their dates are meant in."""

    now: datetime
    zone: ZoneInfo

    @classmethod
    def at(cls, now: datetime, zone: ZoneInfo) -> Clock:
        return cls(now.astimezone(UTC), zone)

    def day(self, moment: datetime) -> date:
        """The local calendar day of a moment."""
        try:
            return moment.astimezone(self.zone).date()
        except OverflowError:  # the first and last day of the calendar have no neighbour to shift into
            return moment.date()

    def instant(self, moment: datetime) -> datetime:
        """A moment in UTC; one without an offset is meant as local time."""
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)

    def midnights(self, day: date) -> tuple[datetime, datetime]:
        """The earliest and the latest instant at which the day may begin, in UTC.

        They differ only where a change of the clocks skips or repeats midnight.
        """
        starts = [datetime.combine(day, time(fold=fold), self.zone).astimezone(UTC) for fold in (0, 1)]
        return min(starts), max(starts)
