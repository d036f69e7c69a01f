"""T13: the calendar of every time zone from 2024 to 2032; each local date has one moment, and each birthday one firing.

What is expected is reckoned another way than the clock does: by the offsets on both sides of a change.
"""

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo, available_timezones

import pytest
import time_machine

from contacts.dates.due import dates_due
from contacts.dates.timing import DayOptions, LeapDay, firings
from contacts.models import Contact
from triggers import scanning
from triggers.models import Event, Workflow
from triggers.tests import make as scans

FIRST, LAST = date(2024, 1, 1), date(2032, 12, 31)
DAYS = (LAST - FIRST).days + 1
CLOCKS = ("00:00", "01:30", "02:30", "03:00", "23:59")
ZONES = sorted(available_timezones())
DAY = timedelta(days=1)
# Further apart than any two zones, and nearer than any zone's next change.
APART = timedelta(hours=30)
SECOND = timedelta(seconds=1)


def expected(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The first instant at which the zone's clocks show the time; where they jump over it, that of the jump."""
    naive = datetime.combine(day, time.fromisoformat(clock))
    before, after = naive.replace(tzinfo=UTC) - APART, naive.replace(tzinfo=UTC) + APART
    offsets = {_offset(before, zone), _offset(after, zone)}
    shown = [moment for offset in offsets if _shown(moment := (naive - offset).replace(tzinfo=UTC), zone) == naive]
    return min(shown) if shown else _jump(before, after, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """When the offset changes between two instants."""
    old = _offset(before, zone)
    while after - before > SECOND:
        middle = before + (after - before) // 2
        before, after = (middle, after) if _offset(middle, zone) == old else (before, middle)
    return after.replace(microsecond=0)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    found = moment.astimezone(zone).utcoffset()
    assert found is not None
    return found


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def found(zone: str, clock: str, first: date, days: int) -> Iterator[tuple[date, datetime]]:
    """The dates told within so many days, and a day around them, each with its moment."""
    since = datetime.combine(first, time.min, UTC) - DAY
    for firing in firings(DayOptions(at=clock), since, since + (days + 2) * DAY, frozenset([zone])):
        yield firing.target, firing.moments[zone]


def check(zone: str, clock: str, first: date, days: int) -> None:
    told = list(found(zone, clock, first, days))
    once = Counter(day for day, _moment in told)
    moments = dict(told)
    for number in range(days):
        day = first + number * DAY
        assert once[day] == 1, (zone, clock, day)
        assert moments[day] == expected(day, clock, ZoneInfo(zone)), (zone, clock, day)


def test_a_sample_of_dates_has_one_moment_each() -> None:
    chance = random.Random(13)
    for _n in range(4000):
        check(chance.choice(ZONES), chance.choice(CLOCKS), FIRST + chance.randrange(DAYS) * DAY, 1)


def test_the_days_on_which_clocks_change_have_one_moment_each() -> None:
    chance = random.Random(13)
    changing = [zone for zone in ZONES if len(set(_offsets(zone, 2028))) > 1]
    for zone in chance.sample(changing, 60):
        for day, offset in _changes(zone, 2028):
            assert offset, (zone, day)
            for clock in CLOCKS:
                check(zone, clock, day - DAY, 3)


@pytest.mark.nightly
def test_every_zone_and_date_has_one_moment() -> None:
    for zone in ZONES:
        for clock in CLOCKS:
            check(zone, clock, FIRST, DAYS)
    print(f"{len(ZONES)} zones, {DAYS} days, {len(CLOCKS)} times: {len(ZONES) * DAYS * len(CLOCKS)} moments")


def _offsets(zone: str, year: int) -> list[timedelta]:
    first = datetime(year, 1, 1, tzinfo=UTC)
    return [_offset(first + number * DAY, ZoneInfo(zone)) for number in range(367)]


def _changes(zone: str, year: int) -> Iterator[tuple[date, timedelta]]:
    offsets = _offsets(zone, year)
    for number, (old, new) in enumerate(itertools.pairwise(offsets)):
        if old != new:
            yield date(year, 1, 1) + number * DAY, new - old


@pytest.mark.django_db
@pytest.mark.parametrize(("people", "years"), [(200, 2), pytest.param(20_000, 3, marks=pytest.mark.nightly)])
def test_everybodys_birthday_is_told_once_a_year(people: int, years: int) -> None:
    """Windows of any length, one after the other, around a leap year; everybody in a zone of their own choice."""
    chance = random.Random(13)
    born = {}
    for number in range(people):
        day = date(1996, 2, 29) if number % 10 == 0 else date(1996, 1, 1) + chance.randrange(366) * DAY
        born[number] = (day, chance.choice(ZONES))
    Contact.objects.bulk_create(
        [Contact(first_name=str(n), birth_date=day, time_zone=zone) for n, (day, zone) in born.items()], 1000
    )
    names = dict(Contact.objects.values_list("pk", "first_name"))
    choices = [DayOptions(at="02:30", timezone="contact", leap_day=leap_day) for leap_day in get_args(LeapDay)]

    told = Counter()
    now, end = datetime(2027, 12, 30, tzinfo=UTC), datetime(2028 + years, 1, 2, tzinfo=UTC)
    while now < end:
        until = now + timedelta(minutes=chance.randrange(600, 70 * 60))
        for options in choices:
            for each in dates_due("birth_date", "yearly", options, now, until, ZoneInfo("UTC")):
                told[options.leap_day, int(names[each.contact_id]), each.target, each.moment] += 1
        now = until

    assert set(told.values()) == {1}
    wanted = {
        (leap_day, number, day, expected(day, "02:30", ZoneInfo(zone)))
        for leap_day in get_args(LeapDay)
        for number, (birthday, zone) in born.items()
        for year in range(2028, 2028 + years)
        for day in _returns(birthday, year, leap_day)
    }
    assert {each for each in told if 2028 <= each[2].year < 2028 + years} == wanted


@pytest.mark.django_db
@pytest.mark.parametrize("people", [60, pytest.param(3000, marks=pytest.mark.nightly)])
def test_who_moves_around_their_birthday_is_told_of_once(people: int) -> None:
    """Also who moves to where it is past the hour, before it came: then, by neither clock, but as they move."""
    chance = random.Random(13)
    birthday, start = date(2027, 6, 15), datetime(2027, 6, 14, 6, tzinfo=UTC)
    Contact.objects.bulk_create(
        [Contact(first_name=str(n), birth_date=birthday, time_zone=chance.choice(ZONES)) for n in range(people)]
    )
    greet = scans.workflow(
        scans.action("a1", "run.stop"),
        triggers=[{"uid": "t1", "event": "contact.birthday", "config": {"timezone": "contact"}, "conditions": None}],
    )
    Workflow.objects.filter(pk=greet.pk).update(enabled_at=start)
    between, everybody = set(), list(Contact.objects.values_list("pk", flat=True))

    now = start
    while now < start + 3 * DAY:
        scanning.scan("contact.birthday", now)
        for who in Contact.objects.filter(pk__in=chance.sample(everybody, people // 20)):
            zone = chance.choice(ZONES)
            before, after = (expected(birthday, "09:00", ZoneInfo(each)) for each in (who.time_zone, zone))
            if before > now >= after:
                between.add(who.pk)
            with time_machine.travel(now, tick=False):
                Contact.objects.filter(pk=who.pk).update(time_zone=zone)
        now += timedelta(hours=1)

    told = Counter(Event.objects.filter(type="contact.birthday").values_list("contact_id", flat=True))
    assert between
    assert told == dict.fromkeys(everybody, 1)


def _returns(born: date, year: int, leap_day: str) -> list[date]:
    try:
        return [born.replace(year=year)]
    except ValueError:
        return {"28 February": [date(year, 2, 28)], "1 March": [date(year, 3, 1)]}.get(leap_day, [])
