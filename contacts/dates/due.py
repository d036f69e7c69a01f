"""Which contacts' dates are due within a window: one query, and none while no local time falls into it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from contacts.custom.definitions import definitions
from contacts.custom.values import PREFIX
from contacts.dates.dated import YEARLESS, dated
from contacts.dates.timing import DayOptions, Firing, LeapDay, anniversaries, firings
from contacts.models import Contact, CustomField

Repeat = Literal["once", "monthly", "yearly"]
# Longer windows are asked for previews alone; a scan's is minutes, or two days after an outage.
SCANNED = timedelta(days=3)
ONE = timedelta(days=1)


class DateDue(NamedTuple):
    """A contact's date `on`, whose return on `target` is told of at `moment`, `offset` days from it."""

    contact_id: int
    on: date
    target: date
    offset: int
    moment: datetime

    @property
    def key(self) -> str:
        """The same however often it is found, and in whatever zone the contact is by then."""
        return f"{self.contact_id}:{self.target.isoformat()}:{self.offset}"


def renumbered(key: str, contact_id: int) -> str:
    """An event's key that ends in that of a `DateDue`, for another contact."""
    head, _contact, target, offset = key.rsplit(":", 3)
    return f"{head}:{contact_id}:{target}:{offset}"


def dates_due(
    source: str, repeat: Repeat, options: DayOptions, since: datetime, until: datetime, ours: ZoneInfo
) -> Iterator[DateDue]:
    """Every date whose moment lies in `since` < moment <= `until`; `ours` is the account's zone.

    `source` as for `contacts.dates.dated.dated`.
    """
    by_day: dict[date, list[Firing]] = defaultdict(list)
    zones: set[str] = set()
    for firing in firings(options, since, until, _zones(options, since, until) | {ours.key}):
        zones |= firing.moments.keys()
        for day in days_of(firing.target, repeat, options.leap_day):
            by_day[day].append(firing)
    if not by_day:
        return
    stored = _moments(source)
    # A moment is filed under its day in UTC; elsewhere it may be the day before or after.
    asked = {day + shift * ONE for day in by_day for shift in ((-1, 0, 1) if stored else (0,))}
    rows = dated(source, asked, yearly=repeat == "yearly", monthly=repeat == "monthly")
    if options.timezone == "contact" and until - since < SCANNED:
        rows = rows.filter(contact__time_zone__in={*zones, ""})
    more = ["contact__custom_fields"] if stored else []
    for contact_id, day, own, *values in rows.values_list("contact_id", "on", "contact__time_zone", *more):
        zone = own if options.timezone == "contact" and own in _known() else ours.key
        on = _local_day(values[0][stored], zone) if stored else day
        for firing in by_day.get(_canonical(on, repeat), ()):
            moment = firing.moments.get(zone)
            if moment is not None and (on.year == YEARLESS or firing.target >= on):
                yield DateDue(contact_id, on, firing.target, firing.offset, moment)


def days_of(target: date, repeat: Repeat, leap_day: LeapDay) -> set[date]:
    """The stored dates that count as this day: itself, or those whose return falls on it, in leap year 2000."""
    if repeat == "once":
        return {target}
    if repeat == "yearly":
        return {date(2000, month, day) for month, day in anniversaries(target, leap_day)}
    last = (target + timedelta(days=1)).month != target.month
    # What is due on the 31st is due on the last day of shorter months.
    return {date(2000, 1, day) for day in range(target.day, 32 if last else target.day + 1)}


@cache
def _known() -> frozenset[str]:
    """Read once: the names lie in files."""
    return frozenset(available_timezones())


def _zones(options: DayOptions, since: datetime, until: datetime) -> frozenset[str]:
    """The zones whose clocks count beside the account's: all there are, or for long windows those in use."""
    if options.timezone == "account":
        return frozenset()
    known = _known()
    if until - since < SCANNED:
        return known
    return known.intersection(Contact.objects.order_by().values_list("time_zone", flat=True).distinct())


def _canonical(on: date, repeat: Repeat) -> date:
    if repeat == "once":
        return on
    return date(2000, on.month, on.day) if repeat == "yearly" else date(2000, 1, on.day)


def _moments(source: str) -> str:
    """The key of the custom field where it holds moments; empty where it holds days."""
    field = definitions().get(source.removeprefix(f"{PREFIX}."))
    return field.key if field and field.kind == CustomField.Kind.DATETIME else ""


def _local_day(stored: str, zone: str) -> date:
    return datetime.fromisoformat(stored).astimezone(ZoneInfo(zone)).date()
