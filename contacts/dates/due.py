"""Which contacts' dates are due within a window: one query, and none while no local time falls into it.

By contacts' own clocks one more asks who moved within the window.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q

from contacts.custom.definitions import definitions
from contacts.custom.values import PREFIX
from contacts.dates.dated import YEARLESS, dated
from contacts.dates.moving import crossings
from contacts.dates.timing import DayOptions, Firing, LeapDay, anniversaries, firings
from contacts.dates.zones import known, zone_of
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
    scanned = until - since < SCANNED
    told = list(firings(options, since, until, _zones(options, scanned) | {ours.key}))
    found = _Dates(source, repeat, options, ours)
    zones = {zone for firing in told for zone in firing.moments} if options.timezone == "contact" and scanned else None
    yield from found.told(told, Q() if zones is None else Q(contact__time_zone__in={*zones, ""}))
    if options.timezone == "contact" and scanned:
        moved = list(crossings(options, since, until, ours))
        yield from found.told(moved, Q(contact__pk__among={who for firing in moved for who in firing.moments}))


class _Dates(NamedTuple):
    """The stored dates of one source, as one trigger asks for them."""

    source: str
    repeat: Repeat
    options: DayOptions
    ours: ZoneInfo

    def told(self, told: Iterable[Firing], whose: Q) -> Iterator[DateDue]:
        """The dates of these contacts that any of the firings tells of."""
        by_day: dict[date, list[Firing]] = defaultdict(list)
        for firing in told:
            for day in days_of(firing.target, self.repeat, self.options.leap_day):
                by_day[day].append(firing)
        for contact_id, on, zone in self._rows(by_day, whose) if by_day else ():
            for firing in by_day.get(_canonical(on, self.repeat), ()):
                moment = firing.moments.get(zone) or firing.moments.get(contact_id)
                if moment is not None and (on.year == YEARLESS or firing.target >= on):
                    yield DateDue(contact_id, on, firing.target, firing.offset, moment)

    def _rows(self, days: Iterable[date], whose: Q) -> Iterator[tuple[int, date, str]]:
        """Contact, its date, and the zone whose clock counts for it."""
        stored = _moments(self.source)
        # A moment is filed under its day in UTC; elsewhere it may be the day before or after.
        asked = {day + shift * ONE for day in days for shift in ((-1, 0, 1) if stored else (0,))}
        rows = dated(self.source, asked, yearly=self.repeat == "yearly", monthly=self.repeat == "monthly")
        more = ["contact__custom_fields"] if stored else []
        for contact_id, day, own, *values in rows.filter(whose).values_list(
            "contact_id", "on", "contact__time_zone", *more
        ):
            zone = zone_of(own, self.ours) if self.options.timezone == "contact" else self.ours
            yield contact_id, _local_day(values[0][stored], zone) if stored else day, zone.key


def days_of(target: date, repeat: Repeat, leap_day: LeapDay) -> set[date]:
    """The stored dates that count as this day: itself, or those whose return falls on it, in leap year 2000."""
    if repeat == "once":
        return {target}
    if repeat == "yearly":
        return {date(2000, month, day) for month, day in anniversaries(target, leap_day)}
    last = (target + timedelta(days=1)).month != target.month
    # What is due on the 31st is due on the last day of shorter months.
    return {date(2000, 1, day) for day in range(target.day, 32 if last else target.day + 1)}


def _zones(options: DayOptions, scanned: bool) -> frozenset[str]:
    """The zones whose clocks count beside the account's: all there are, or for long windows those in use."""
    if options.timezone == "account":
        return frozenset()
    if scanned:
        return known()
    return known().intersection(Contact.objects.order_by().values_list("time_zone", flat=True).distinct())


def _canonical(on: date, repeat: Repeat) -> date:
    if repeat == "once":
        return on
    return date(2000, on.month, on.day) if repeat == "yearly" else date(2000, 1, on.day)


def _moments(source: str) -> str:
    """The key of the custom field where it holds moments; empty where it holds days."""
    field = definitions().get(source.removeprefix(f"{PREFIX}."))
    return field.key if field and field.kind == CustomField.Kind.DATETIME else ""


def _local_day(stored: str, zone: ZoneInfo) -> date:
    return datetime.fromisoformat(stored).astimezone(zone).date()
