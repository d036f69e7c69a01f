"""Days and moments as people and programs write them; what is not in the calendar is refused."""

import re
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Final, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.texts import line
from triggers.conditions.operands import YEARS

_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_YEARLESS: Final = re.compile(r"(?:--)?([0-9]{2})-?([0-9]{2})")
# A leap year, so that 29 February needs no year of its own.
LEAP: Final = 2000


class Birthday(NamedTuple):
    """A birth date to be stored: the whole date, or "05-17" where the year is not known; both empty to clear it."""

    on: date | None
    yearless: str

    def __str__(self) -> str:
        """1990-05-17, or --05-17 as ISO 8601 and vCard write a day without a year; empty where there is none."""
        return self.on.isoformat() if self.on else f"--{self.yearless}" if self.yearless else ""


def day(value: Any) -> date | None:
    """The date; None where there is none. Raises ValidationError."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return _in_years(value)
    text = line(value)
    if not text:
        return None
    parts = _DAY.fullmatch(text)
    if not parts:
        raise ValidationError(_("Enter a date, for example 2026-03-31."))
    return _in_years(_calendar(text, *map(int, parts.groups())))


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """The moment in UTC; one that names no zone is taken in `zone`. Raises ValidationError."""
    found = value if isinstance(value, datetime) else _moment(line(value))
    if found is None:
        return None
    _in_years(found)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    parts = _DAY.match(text)
    if parts:
        _calendar(text, *map(int, parts.groups()))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("Enter a date and time, for example 2026-03-31 09:00.")) from None


def birthday(value: Any) -> Birthday:
    """Takes a date, 1990-05-17, and 05-17, --05-17 or --0517 without the year. Raises ValidationError."""
    if isinstance(value, Birthday):
        return value
    if isinstance(value, date):
        return Birthday(day(value), "")
    text = line(value)
    if not text:
        return Birthday(None, "")
    parts = _YEARLESS.fullmatch(text) if text.startswith("--") or "-" in text else None
    if parts:
        month, of_month = map(int, parts.groups())
        _calendar(text, LEAP, month, of_month)
        return Birthday(None, f"{month:02}-{of_month:02}")
    if not _DAY.fullmatch(text):
        raise ValidationError(_("Enter a date such as 1990-05-17, or 05-17 without the year."))
    return Birthday(day(text), "")


def _calendar(text: str, year: int, month: int, of_month: int) -> date:
    try:
        return date(year, month, of_month)
    except ValueError:
        raise ValidationError(_("%(day)s is not in the calendar.") % {"day": text}) from None


def _in_years(when: date) -> date:
    if when.year not in YEARS:
        limits = {"first": YEARS.start, "last": YEARS.stop - 1}
        raise ValidationError(_("Enter a year from %(first)d to %(last)d.") % limits)
    return when
