"""Bars by day: how many runs started, and of those how many failed. The units are those of the drawing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

HEIGHT: Final = 120
SPACE: Final = 10


@dataclass(frozen=True)
class Bar:
    """One day of a chart; its label is empty where there is no room for it."""

    day: date
    label: str
    started: int
    failed: int
    x: int
    width: int
    height: int
    failed_height: int
    today: bool

    @property
    def y(self) -> int:
        return HEIGHT - self.height

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def name(self) -> str:
        """The day in full, for the table beside the chart."""
        return f"{formats.date_format(self.day, 'l')}, {formats.date_format(self.day, 'MONTH_DAY_FORMAT')}"


def first_moment(now: datetime, days: int) -> datetime:
    """Midnight at which the first of so many days begins; today is the last of them."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)


def bars(
    now: datetime, days: int, started: Mapping[date, int], failed: Mapping[date, int], step: int, every: int = 1
) -> list[Bar]:  # fmt: skip
    """A bar for each day, `step` apart; every so manieth is labelled, counted back from today."""
    today = timezone.localtime(now).date()
    most = max([*started.values(), 1])
    space = min(SPACE, step // 3)
    return [
        Bar(
            day, _label(day, place, every, day == today) if (days - 1 - place) % every == 0 else "",
            started.get(day, 0), failed.get(day, 0), place * step + space // 2, step - space,
            round(HEIGHT * started.get(day, 0) / most), round(HEIGHT * failed.get(day, 0) / most), day == today,
        )
        for place in range(days)
        for day in [today - timedelta(days=days - 1 - place)]
    ]  # fmt: skip


def _label(day: date, place: int, every: int, is_today: bool) -> str:
    if is_today:
        return _("Today")
    # As a date format of Django's: the day and its month, short.
    with_month = pgettext("date format", "j M")
    return formats.date_format(day, with_month if day.day == 1 or not place or every > 1 else "j")
