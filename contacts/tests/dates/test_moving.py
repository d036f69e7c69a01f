"""Who moves on the very day to where the hour is past, before it came: told once, as they move."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from contacts.dates import moving
from contacts.models import Contact, ZoneChange
from contacts.tests import make
from triggers import scanning
from triggers.models import Organisation, Workflow
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db

BORN = date(1990, 6, 15)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# On 15 June nine o'clock is 19:00 UTC of the day before in Kiritimati, 07:00 in Berlin, 13:00 in New York.
NEW_YORK, BERLIN, KIRITIMATI = "America/New_York", "Europe/Berlin", "Pacific/Kiritimati"


def at(clock: str, day: int = 15) -> datetime:
    return datetime.fromisoformat(f"2026-06-{day:02} {clock}").replace(tzinfo=UTC)


def live(event: str = "contact.birthday", since: datetime | None = None, **config: Any) -> None:
    trigger = {"uid": "t1", "event": event, "config": {"timezone": "contact", **config}, "conditions": None}
    engine.workflow(engine.action("a1", "run.stop"), triggers=[trigger])
    Workflow.objects.update(enabled_at=since or at("00:00", 13))


def move(who: Contact, zone: str, when: datetime) -> None:
    who.time_zone = zone
    with time_machine.travel(when, tick=False):
        who.save()


def scan(moment: datetime, event: str = "contact.birthday") -> list[tuple[int | None, str]]:
    """Who has been told of by then, and when; by two beats."""
    scanning.scan(event, moment)
    scanning.scan(event, moment)
    return [(each.contact_id, f"{each.occurred_at:%d %H:%M}") for each in make.events(event)]


def told(moment: datetime, event: str = "contact.birthday") -> list[tuple[int | None, str]]:
    """Who has been told of and when, from a scan at this moment until two days later."""
    return [scan(moment + hours * HOUR, event) for hours in (0, 6, 12, 24, 36, 48)][-1]


@pytest.mark.parametrize(
    ("before", "after", "moved", "when"),
    [
        (NEW_YORK, BERLIN, at("09:00"), "15 09:00"),
        (NEW_YORK, KIRITIMATI, at("12:59"), "15 12:59"),
        (NEW_YORK, "Asia/Kathmandu", at("03:15"), "15 03:15"),
        ("Pacific/Pago_Pago", "Pacific/Apia", at("19:59"), "15 19:59"),
        # the hour is still to come there: its own clock tells it
        (NEW_YORK, BERLIN, at("06:59"), "15 07:00"),
        (BERLIN, NEW_YORK, at("06:59"), "15 13:00"),
        # it was told already at home
        (BERLIN, NEW_YORK, at("07:30"), "15 07:00"),
        (NEW_YORK, BERLIN, at("13:30"), "15 13:00"),
    ],
)
def test_it_is_told_once_wherever_they_move(before: str, after: str, moved: datetime, when: str) -> None:
    mia = make.contact(birth_date=BORN, time_zone=before)
    live()
    scan(moved - 5 * HOUR)
    scan(moved - MINUTE)

    move(mia, after, moved)

    assert told(moved + MINUTE) == [(mia.pk, when)]


def test_no_zone_of_ones_own_is_the_accounts() -> None:
    Organisation.objects.create(time_zone=NEW_YORK)
    mia, tom = make.contact(birth_date=BORN), make.contact(birth_date=BORN, time_zone=BERLIN)
    live()
    scan(at("06:00"))
    with time_machine.travel(at("06:30"), tick=False):
        Contact.objects.filter(pk=tom.pk).update(time_zone="")
    scan(at("07:50"))

    move(mia, BERLIN, at("08:00"))

    assert told(at("08:01")) == [(mia.pk, "15 08:00"), (tom.pk, "15 13:00")]


def test_days_around_and_custom_dates_that_return_too() -> None:
    make.field("renewal", "date")
    mia = make.contact(custom_fields={"renewal": "2020-01-18"}, time_zone=NEW_YORK)
    live("contact.custom_date_reached", field="custom_fields.renewal", repeat="monthly", on_the_day=False,
         days_before=[3], days_after=[2])  # fmt: skip
    scan(at("08:50"), "contact.custom_date_reached")

    move(mia, BERLIN, at("09:00"))

    # three days before by the move, two days after by the clock of Berlin
    assert told(at("09:01"), "contact.custom_date_reached") == [(mia.pk, "15 09:00")]
    assert scan(at("09:00", 20), "contact.custom_date_reached") == [
        (mia.pk, "15 09:00"), (mia.pk, "20 07:00"),
    ]  # fmt: skip


def test_through_an_outage_each_of_several_moves_counts() -> None:
    mia = make.contact(birth_date=BORN, time_zone=NEW_YORK)
    live()
    scan(at("05:00"))

    move(mia, BERLIN, at("06:00"))
    move(mia, KIRITIMATI, at("06:30"))
    move(mia, NEW_YORK, at("06:40"))

    assert told(at("12:00")) == [(mia.pk, "15 06:30")]


def test_what_was_past_in_both_zones_or_before_it_went_live_is_not_told() -> None:
    live(since=at("08:00"))
    with time_machine.travel(at("14:00"), tick=False):
        mia = make.contact(birth_date=BORN, time_zone=NEW_YORK)
    tom = make.contact(birth_date=BORN, time_zone=NEW_YORK)

    move(tom, BERLIN, at("07:30"))
    move(mia, BERLIN, at("14:10"))

    assert told(at("14:11")) == []


def test_only_a_zone_that_is_another_is_noted() -> None:
    mia = make.contact(time_zone=BERLIN)
    mia.first_name = "Maria"
    mia.save()
    Contact.objects.update(time_zone=BERLIN)
    assert not ZoneChange.objects.exists()

    Contact.objects.filter(pk=mia.pk).update(time_zone="")

    [change] = ZoneChange.objects.all()
    assert (change.contact, change.before, change.after) == (mia, BERLIN, "")


def test_the_stored_zone_counts_not_the_one_in_memory() -> None:
    mia = make.contact(time_zone=BERLIN)
    Contact.objects.filter(pk=mia.pk).update(time_zone=NEW_YORK)

    move(mia, KIRITIMATI, at("09:00"))

    assert list(ZoneChange.objects.order_by("pk").values_list("before", "after")) == [
        (BERLIN, NEW_YORK), (NEW_YORK, KIRITIMATI),
    ]  # fmt: skip


def test_what_no_scan_looks_back_to_is_purged() -> None:
    mia = make.contact(time_zone=BERLIN)
    move(mia, NEW_YORK, at("09:00", 10))
    move(mia, BERLIN, at("09:00", 13))

    assert moving.purge(at("09:01", 13)) == 1
    assert ZoneChange.objects.get().after == BERLIN
