"""contact.birthday: yearly, before, on and after, in the account's or the contact's zone, each once."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contacts.dedupe import merging
from contacts.models import Contact
from contacts.tests import make
from triggers import scanning, sweeping
from triggers.models import Organisation, Run, Workflow
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kathmandu", "Pacific/Apia"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def greet(since: str, conditions: dict[str, Any] | None = None, **config: Any) -> Workflow:
    """A workflow that waits for birthdays, live since then."""
    trigger = {"uid": "t1", "event": "contact.birthday", "config": config, "conditions": conditions}
    flow = engine.workflow(engine.action("a1", "run.stop"), triggers=[trigger])
    Workflow.objects.update(enabled_at=at(since))
    return flow


def scan(*moments: datetime) -> list[tuple[int | None, str]]:
    """Who has been told of, and when, after scans at these moments."""
    for moment in moments:
        scanning.scan("contact.birthday", moment)
    return [(event.contact_id, f"{event.occurred_at:%Y-%m-%d %H:%M}") for event in make.events("contact.birthday")]


def test_on_the_day_at_nine() -> None:
    mia = make.contact(birth_date=date(1990, 6, 15))
    make.contact(birth_date=date(1990, 6, 16))
    make.contact()
    flow = greet("2026-06-15 00:00")

    assert scan(at("2026-06-15 08:59")) == []
    assert scan(at("2026-06-15 09:00"), at("2026-06-15 09:01")) == [(mia.pk, "2026-06-15 09:00")]

    [event] = make.events("contact.birthday")
    assert event.data == {
        "contact_id": mia.pk, "birthday_date": "2026-06-15", "turning_age": 36, "days_offset": 0,
        "occurrence_year": 2026,
    }  # fmt: skip
    sweeping.drain()
    assert Run.objects.get().workflow == flow


def test_before_and_after_and_again_next_year() -> None:
    mia = make.contact(birth_date=date(1990, 1, 3))
    greet("2025-12-01 00:00", on_the_day=False, days_before=[7], days_after=[1])

    days = [at("2025-12-01 10:00") + n * DAY for n in range(420)]

    assert scan(*days) == [
        (mia.pk, "2025-12-27 09:00"), (mia.pk, "2026-01-04 09:00"),
        (mia.pk, "2026-12-27 09:00"), (mia.pk, "2027-01-04 09:00"),
    ]  # fmt: skip
    assert [event.data["turning_age"] for event in make.events("contact.birthday")] == [36, 36, 37, 37]


def test_in_each_contacts_own_zone() -> None:
    Organisation.objects.create(time_zone="Europe/Berlin")
    people = {zone: make.contact(birth_date=date(1990, 6, 15), time_zone=zone) for zone in [*ZONES, ""]}
    greet("2026-06-13 00:00", timezone="contact")

    told = scan(*(at("2026-06-13 00:00") + n * HOUR for n in range(96)))

    for zone, person in people.items():
        local = [datetime.fromisoformat(f"{when}+00:00").astimezone(ZoneInfo(zone or "Europe/Berlin"))
                 for who, when in told if who == person.pk]  # fmt: skip
        assert [f"{moment:%Y-%m-%d %H:%M}" for moment in local] == ["2026-06-15 09:00"]


@pytest.mark.parametrize(
    ("leap_day", "days"),
    [
        ("28 February", ["2026-02-28", "2027-02-28", "2028-02-29"]),
        ("1 March", ["2026-03-01", "2027-03-01", "2028-02-29"]),
        ("leap years only", ["2028-02-29"]),
    ],
)
def test_who_was_born_on_29_february(leap_day: str, days: list[str]) -> None:
    make.contact(birth_date=date(2000, 2, 29))
    greet("2026-01-01 00:00", leap_day=leap_day)

    days_of_three_years = (at("2026-01-01 10:00") + n * DAY for n in range(900))
    told = scan(*(day for day in days_of_three_years if day.month in (1, 2, 3)))

    assert [when[:10] for _who, when in told] == days


def test_a_birthday_without_its_year_has_no_age() -> None:
    make.contact(yearless_birthday="02-29")
    greet("2026-02-27 00:00")

    scan(at("2026-02-28 09:00"))

    assert make.events("contact.birthday")[0].data["turning_age"] is None


def test_nobody_is_told_of_before_birth_or_for_the_time_before_it_went_live() -> None:
    make.contact(birth_date=date(2027, 6, 15))
    make.contact(birth_date=date(1990, 6, 14))
    greet("2026-06-14 09:30")

    assert scan(at("2026-06-14 10:00"), at("2026-06-15 10:00")) == []


def test_editing_the_date_plans_anew() -> None:
    mia = make.contact(birth_date=date(1990, 6, 15))
    greet("2026-06-01 00:00")
    scan(at("2026-06-14 10:00"))

    Contact.objects.filter(pk=mia.pk).update(birth_date=date(1990, 6, 20))

    assert scan(at("2026-06-15 10:00"), at("2026-06-20 10:00")) == [(mia.pk, "2026-06-20 09:00")]


def test_month_and_day_narrow_it() -> None:
    june = make.contact(birth_date=date(1990, 6, 15))
    make.contact(birth_date=date(1990, 7, 15))
    flow = greet("2026-06-01 00:00", {"field": "contact.birth_date", "op": "month_is", "value": 6})

    scan(at("2026-06-15 10:00"), at("2026-07-15 10:00"))
    sweeping.drain()

    assert [run.contact_id for run in Run.objects.filter(workflow=flow)] == [june.pk]


def eventful(now: datetime, zone: ZoneInfo) -> bool:
    """Within some days of a change of the clock, of 29 February or of the new year."""
    around = [(now + n * DAY).astimezone(zone) for n in range(-4, 5)]
    changes = {moment.utcoffset() for moment in around}
    return len(changes) > 1 or bool({(2, 29), (1, 1)} & {(moment.month, moment.day) for moment in around})


@pytest.mark.parametrize("zone", ZONES)
def test_two_beats_that_stop_and_start_through_a_year_tell_of_everybody_once(zone: str) -> None:
    """Everybody's birthday in a year with 29 February and both changes of the clock; eight hours' outages then, and
    outages of a day and more on the days between."""
    chance = random.Random(zone)
    Organisation.objects.create(time_zone=zone)
    start = at("2027-07-01 00:00")
    born = [date(1996, 1, 1) + n * DAY for n in range(366)]
    Contact.objects.bulk_create([Contact(first_name=str(day), birth_date=day) for day in born])
    greet("2027-07-01 00:00", at="02:30")

    now = start
    while now < start + 366 * DAY:
        scanning.scan("contact.birthday", now)
        if chance.random() < 0.3:
            scanning.scan("contact.birthday", now - chance.random() * HOUR)
        quiet = not eventful(now, ZoneInfo(zone))
        now += chance.choice([26, 47] if quiet else [1, 3, 8]) * HOUR
    scanning.scan("contact.birthday", start + 366 * DAY)

    told = Counter(event.contact_id for event in make.events("contact.birthday"))
    assert len(told) == 366
    # The window of 366 days is cut in UTC: at its two ends one local day may come twice, a year apart.
    assert sum(told.values()) - 366 <= 1


def test_who_is_merged_on_the_day_is_not_told_of_again() -> None:
    """Nine o'clock comes to the survivor's zone hours after the other was told of."""
    born = date(1990, 6, 15)
    mia = make.contact(birth_date=born, time_zone="America/New_York")
    former = make.contact(birth_date=born, time_zone="Europe/Berlin")
    greet("2026-06-14 00:00", timezone="contact", days_before=[1])
    assert scan(at("2026-06-14 08:00"), at("2026-06-14 14:00"), at("2026-06-15 08:00")) == [
        (former.pk, "2026-06-14 07:00"), (mia.pk, "2026-06-14 13:00"), (former.pk, "2026-06-15 07:00"),
    ]  # fmt: skip

    merging.merge(mia.pk, former.pk, now=at("2026-06-15 08:00"))

    assert scan(at("2026-06-15 14:00"), at("2026-06-16 14:00")) == [
        (mia.pk, "2026-06-14 07:00"), (mia.pk, "2026-06-14 13:00"), (mia.pk, "2026-06-15 07:00"),
    ]  # fmt: skip


def test_while_no_clock_shows_the_hour_nobody_is_asked(django_assert_num_queries: Any) -> None:
    for _workflow in range(5):
        greet("2026-06-15 00:00")
    scan(at("2026-06-15 10:00"))

    # five triggers with their marks, the account's zone, and the marks again
    with django_assert_num_queries(3):
        scanning.scan("contact.birthday", at("2026-06-15 10:30"))
