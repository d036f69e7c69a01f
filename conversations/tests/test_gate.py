from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.db import transaction

from contacts.models import Contact
from conversations.gate import Allowed, Later, Refused, Verdict, quiet_until, send_gate
from conversations.models import Message, Suppression
from triggers.models import Organisation
from triggers.tests import make

NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)
NIGHT = datetime(2027, 3, 10, 23, tzinfo=UTC)


def ask(contact: Contact, category: str = "marketing", now: datetime = NOON, **kwargs: object) -> Verdict:
    address = kwargs.pop("address", contact.email)
    with transaction.atomic():
        return send_gate(contact.pk, "email", address, category, now, **kwargs)


def sent(contact: Contact, at: datetime | None, **values: object) -> Message:
    return Message.objects.create(
        **{"contact": contact, "direction": "out", "status": "sent", "sent_at": at, "key": uuid4(), **values}
    )


@pytest.mark.django_db
def test_lets_a_message_out_when_nothing_speaks_against_it() -> None:
    contact = make.contact()

    assert ask(contact) == Allowed()


@pytest.mark.django_db
@pytest.mark.parametrize("category", ["marketing", "transactional"])
@pytest.mark.parametrize("dnd", [{"email": True}, {"all": True}, {"all": True, "email": False}])
def test_do_not_disturb_wins_over_every_category(category: str, dnd: dict[str, bool]) -> None:
    contact = make.contact(dnd=dnd)

    assert ask(contact, category) == Refused("Anna must not be disturbed by E-mail.")


@pytest.mark.django_db
def test_another_channels_do_not_disturb_is_its_own() -> None:
    contact = make.contact(dnd={"sms": True, "email": False})

    assert ask(contact) == Allowed()


@pytest.mark.django_db
@pytest.mark.parametrize("category", ["marketing", "transactional"])
@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("unsubscribe", "Unsubscribed"),
        ("bounce", "Bounced for good"),
        ("complaint", "Complained of spam"),
    ],
)
def test_a_suppressed_address_wins_over_every_category(category: str, reason: str, words: str) -> None:
    contact = make.contact()
    Suppression.objects.create(address="anna@example.org", reason=reason)

    assert ask(contact, category) == Refused(f"Nobody may write to anna@example.org: {words}.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("ANNA@Example.org", "anna@example.org"),
        ("anna@example.org", "Anna@EXAMPLE.org"),
        ("anna@example.org", '"Anna" <anna@example.org>'),
        ("anna@müller.example", "anna@xn--mller-kva.example"),
    ],
)
def test_suppression_knows_the_address_however_it_is_written(listed: str, written: str) -> None:
    contact = make.contact()
    Suppression.objects.create(address=listed, reason="bounce")

    assert isinstance(ask(contact, address=written), Refused)


@pytest.mark.django_db
def test_suppression_holds_for_another_contact_with_the_address() -> None:
    make.contact()
    other = make.contact(first_name="Ann", email="Anna@example.org")
    Suppression.objects.create(address="anna@example.org", reason="unsubscribe")

    assert isinstance(ask(other), Refused)


@pytest.mark.django_db
def test_an_erased_contact_gets_nothing() -> None:
    contact = make.contact()
    gone = Contact(pk=contact.pk, email=contact.email)
    contact.delete()

    assert ask(gone) == Refused("The contact is gone.")


@pytest.mark.django_db
def test_quiet_hours_put_marketing_off_in_the_contacts_own_zone() -> None:
    Organisation.objects.create(quiet_from=time(21), quiet_to=time(8))
    contact = make.contact(pk=601, time_zone="America/New_York")

    verdict = ask(contact, now=datetime(2027, 3, 11, 3, tzinfo=UTC))

    assert verdict == Later(
        datetime(2027, 3, 11, 13, 0, 1, tzinfo=UTC),
        "Quiet hours: Anna gets it after 08:00 (America/New_York).",
    )
    assert ask(contact, now=datetime(2027, 3, 10, 22, tzinfo=UTC)) == Allowed()


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["", "Nowhere/Atlantis", "../etc/passwd", "Europe"])
def test_quiet_hours_are_the_organisations_where_the_contacts_zone_is_not_known(zone: str) -> None:
    Organisation.objects.create(time_zone="Asia/Tokyo", quiet_from=time(21), quiet_to=time(8))
    contact = make.contact(pk=600)
    Contact.objects.filter(pk=600).update(time_zone=zone)

    assert ask(contact, now=datetime(2027, 3, 10, 12, tzinfo=UTC)) == Later(
        datetime(2027, 3, 10, 23, tzinfo=UTC), "Quiet hours: Anna gets it after 08:00 (Asia/Tokyo)."
    )
    assert ask(contact, now=datetime(2027, 3, 10, 11, 59, tzinfo=UTC)) == Allowed()


@pytest.mark.django_db
def test_transactional_mail_passes_quiet_hours_and_the_cap() -> None:
    Organisation.objects.create(quiet_from=time(21), quiet_to=time(8), frequency_cap=1)
    contact = make.contact()
    sent(contact, NIGHT)

    assert ask(contact, "transactional", NIGHT) == Allowed()
    assert isinstance(ask(contact, "marketing", NIGHT), Later)


@pytest.mark.django_db
def test_what_quiet_hours_held_leaves_spread_over_ten_minutes() -> None:
    Organisation.objects.create(quiet_from=time(21), quiet_to=time(8))
    opens = datetime(2027, 3, 11, 8, tzinfo=UTC)

    moments = [ask(make.contact(pk=pk), now=NIGHT).until for pk in (1200, 1201, 1500, 1799, 1800)]

    assert [(moment - opens).total_seconds() for moment in moments] == [0, 1, 300, 599, 0]


@pytest.mark.django_db
def test_the_cap_counts_a_day_back_from_now() -> None:
    Organisation.objects.create(frequency_cap=2)
    contact = make.contact()
    sent(contact, NOON - timedelta(hours=24))
    sent(contact, NOON - timedelta(hours=23))
    assert ask(contact) == Allowed()

    sent(contact, NOON - timedelta(hours=1))

    assert ask(contact) == Later(NOON + timedelta(hours=1), "Anna gets at most 2 messages a day.")
    assert ask(contact, now=NOON + timedelta(hours=1)) == Allowed()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"status": "sent"}, Later),
        ({"status": "queued"}, Later),
        ({"status": "uncertain"}, Later),
        ({"status": "sent", "category": "transactional"}, Later),
        ({"status": "failed", "sent_at": None}, Allowed),
        ({"status": "suppressed", "sent_at": None}, Allowed),
        ({"status": "queued", "sent_at": None}, Allowed),
        ({"status": "received", "direction": "in"}, Allowed),
    ],
)
def test_the_cap_counts_what_left_or_may_have_left(values: dict[str, object], verdict: type) -> None:
    Organisation.objects.create(frequency_cap=1)
    contact = make.contact()
    sent(contact, **{"at": NOON, **{("at" if k == "sent_at" else k): v for k, v in values.items()}})

    assert type(ask(contact)) is verdict


@pytest.mark.django_db
def test_a_message_does_not_stand_in_its_own_way() -> None:
    Organisation.objects.create(frequency_cap=1)
    contact = make.contact()
    own = sent(contact, NOON, status="queued")

    assert ask(contact, key=own.key) == Allowed()
    assert isinstance(ask(contact, key=uuid4()), Later)


@pytest.mark.django_db
def test_a_cap_of_none_at_all_lets_no_marketing_out() -> None:
    Organisation.objects.create(frequency_cap=0)

    assert ask(make.contact()) == Later(NOON + timedelta(days=1), "Anna gets at most 0 messages a day.")


@pytest.mark.django_db(transaction=True)
def test_refuses_to_be_asked_outside_a_transaction() -> None:
    contact = make.contact()

    with pytest.raises(transaction.TransactionManagementError):
        send_gate(contact.pk, "email", contact.email, "marketing", NOON)


@pytest.mark.parametrize(
    ("start", "end", "clock", "until"),
    [
        ("21:00", "08:00", "20:59", None),
        ("21:00", "08:00", "21:00", "11 08:00"),
        ("21:00", "08:00", "00:00", "10 08:00"),
        ("21:00", "08:00", "07:59", "10 08:00"),
        ("21:00", "08:00", "08:00", None),
        ("12:00", "14:00", "11:59", None),
        ("12:00", "14:00", "12:00", "10 14:00"),
        ("12:00", "14:00", "14:00", None),
        ("09:00", "09:00", "09:00", None),
    ],
)
def test_quiet_hours_begin_with_their_first_minute_and_end_before_their_last(
    start: str, end: str, clock: str, until: str | None
) -> None:
    now = datetime.fromisoformat(f"2027-03-10 {clock}+00:00")

    found = quiet_until(time.fromisoformat(start), time.fromisoformat(end), ZoneInfo("UTC"), now)

    assert found == (datetime.fromisoformat(f"2027-03-{until}+00:00") if until else None)


@pytest.mark.parametrize(
    ("now", "start", "end", "until"),
    [
        # Berlin, 28 March 2027: 02:00 becomes 03:00
        ("2027-03-27T23:30+01:00", "21:00", "08:00", "2027-03-28T08:00+02:00"),
        ("2027-03-28T01:59+01:00", "01:00", "02:30", "2027-03-28T03:30+02:00"),
        ("2027-03-28T03:15+02:00", "02:30", "04:00", "2027-03-28T04:00+02:00"),
        # Berlin, 31 October 2027: 03:00 becomes 02:00, and the hour from two to three comes twice
        ("2027-10-31T02:15+01:00", "01:00", "02:30", "2027-10-31T02:30+01:00"),
        ("2027-10-31T02:45+02:00", "01:00", "02:30", "2027-10-31T02:30+01:00"),
        ("2027-10-31T02:29+01:00", "02:30", "04:00", "2027-10-31T04:00+01:00"),
    ],
)
def test_quiet_hours_on_the_days_the_clocks_change(now: str, start: str, end: str, until: str) -> None:
    zone = ZoneInfo("Europe/Berlin")

    found = quiet_until(time.fromisoformat(start), time.fromisoformat(end), zone, datetime.fromisoformat(now))

    assert found == datetime.fromisoformat(until)


def test_no_clock_anywhere_reads_a_quiet_hour_when_a_message_may_leave() -> None:
    """Every way a zone changes its clocks in 2027, against the plain reading of the clock."""
    spans = [(time(21), time(8)), (time(0, 30), time(2, 30)), (time(1, 45), time(3, 15))]
    tried = set()
    for (midnight, before, after), zone in _changes().items():
        for start, end in spans:
            for minutes in range(-6 * 60, 30 * 60, 15):
                now = midnight + timedelta(minutes=minutes)
                until = quiet_until(start, end, zone, now)
                if until is None:
                    assert not _reads_quiet(now, start, end, zone), (zone, now)
                else:
                    assert until > now
                    assert not _reads_quiet(until, start, end, zone), (zone, now, until)
        tried.add((before, after))
    assert len(tried) > 20


def _reads_quiet(moment: datetime, start: time, end: time, zone: ZoneInfo) -> bool:
    clock = moment.astimezone(zone).time()
    return start <= clock < end if start < end else clock >= start or clock < end


def _changes() -> dict[tuple[datetime, timedelta, timedelta], ZoneInfo]:
    """By the UTC midnight before it and the offsets on both sides: one zone for each change there is."""
    days = [datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(366)]
    found = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        offsets = [day.astimezone(zone).utcoffset() for day in days]
        for day, (before, after) in zip(days, pairwise(offsets), strict=False):
            if before != after:
                found[day, before, after] = zone
    return found
