"""Bookings of Calendly and Cal.com, signed and delivered: in whatever order and however often, the records are the same."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments import services
from appointments.models import Appointment, Calendar, ExternalBooking, Guest
from contacts.models import Contact
from providers import working
from providers.models import Connection, ProviderDelivery
from providers.tests import make, signers
from triggers.models import Event, Run
from triggers.sweeping import drain
from triggers.tests import make as workflows

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 12, 1, 9, tzinfo=UTC)
COUNTED = itertools.count(1)
Json = dict[str, Any]


def calendly(kind: str, invitee: str, minute: int, days: int = 0, **payload: Any) -> Json:
    start = FIRST + timedelta(days=days)
    event = {
        "name": "First talk", "start_time": start.isoformat(), "end_time": (start + timedelta(minutes=30)).isoformat(),
        "location": {"location": f"Room {days}"}, "event_memberships": [{"user_email": "ana@example.org"}],
        "event_guests": [{"email": "tom@example.org"}],
    }  # fmt: skip
    who = {"uri": f"https://api.calendly.com/i/{invitee}", "name": "Mia Sommer", "email": "mia@example.org"}
    return {"event": kind, "created_at": (FIRST + timedelta(minutes=minute)).isoformat(), "payload": {
        **who, "timezone": "Europe/Berlin", "scheduled_event": event, **payload,
    }}  # fmt: skip


def invitee(name: str) -> str:
    return f"https://api.calendly.com/i/{name}"


def cal_com(kind: str, uid: str, minute: int, days: int = 0, **payload: Any) -> Json:
    start = FIRST + timedelta(days=days)
    people = [{"name": "Mia Sommer", "email": "mia@example.org", "timeZone": "Europe/Berlin"},
              {"name": "Tom", "email": "tom@example.org"}]  # fmt: skip
    return {"triggerEvent": kind, "createdAt": (FIRST + timedelta(minutes=minute)).isoformat(), "payload": {
        "uid": uid, "type": "First talk", "title": "First talk with Mia", "startTime": start.isoformat(),
        "endTime": (start + timedelta(minutes=30)).isoformat(), "attendees": people, "location": f"Room {days}",
        "organizer": {"email": "ana@example.org"}, **payload,
    }}  # fmt: skip


# Booked, moved twice, the last one cancelled; another that did not take place; one that was asked for and refused.
STORIES = {
    "calendly": [
        calendly("invitee.created", "a", 0),
        calendly("invitee.canceled", "a", 1, rescheduled=True, new_invitee=invitee("b")),
        calendly("invitee.created", "b", 2, 1, old_invitee=invitee("a")),
        calendly("invitee.canceled", "b", 3, 1, rescheduled=True, old_invitee=invitee("a"), new_invitee=invitee("c")),
        calendly("invitee.created", "c", 4, 2, old_invitee=invitee("b")),
        calendly("invitee.canceled", "c", 5, 2, old_invitee=invitee("b"), cancellation={"reason": "I am ill"}),
        calendly("invitee.created", "x", 6, 3), calendly("invitee_no_show.created", "x", 7, 3),
    ],
    "cal_com": [
        cal_com("BOOKING_REQUESTED", "a", 0), cal_com("BOOKING_CREATED", "a", 1),
        cal_com("BOOKING_RESCHEDULED", "b", 2, 1, rescheduleUid="a"),
        cal_com("BOOKING_RESCHEDULED", "c", 3, 2, rescheduleUid="b"),
        cal_com("BOOKING_CANCELLED", "c", 4, 2, cancellationReason="I am ill"),
        cal_com("BOOKING_CREATED", "x", 5, 3), cal_com("BOOKING_NO_SHOW_UPDATED", "x", 6, 3, attendees=[
            {"name": "Mia Sommer", "email": "mia@example.org", "noShow": True, "timeZone": "Europe/Berlin"},
            {"name": "Tom", "email": "tom@example.org"}]),
        cal_com("BOOKING_REQUESTED", "r", 7, 4), cal_com("BOOKING_REJECTED", "r", 8, 4),
    ],
}  # fmt: skip


def deliver(connection: Connection, told: Json, *, again: bool = False) -> None:
    """Signs and sends it; `again` under a number of its own, as if the door had not known it."""
    now = timezone.now()
    delivery = signers.by_name[connection.provider].delivery(moment=now, body=json.dumps(told).encode())
    assert make.send(connection, delivery).status_code in (200, 204)
    while working.go_on():
        pass
    if again:
        latest = ProviderDelivery.objects.latest("pk").pk
        ProviderDelivery.objects.filter(pk=latest).update(dedupe_key=f"again-{next(COUNTED)}")


def records() -> Any:
    """What there is in the end, without numbers that only say in which order rows were made."""
    columns = ("title", "status", "cancel_reason", "start_at", "end_at", "time_zone", "location", "notes", "user__username",
               "calendar__name", "contact__email")  # fmt: skip
    return (
        sorted(Appointment.objects.values_list(*columns), key=str),
        sorted(Guest.objects.values_list("email", "appointment__start_at"), key=str),
        sorted(ExternalBooking.objects.values_list("number", "replaces", "appointment__start_at"), key=str),
        sorted(Contact.objects.values_list("first_name", "last_name", "email")),
        sorted(Calendar.objects.values_list("name", "active")),
    )


def clear() -> None:
    for model in (ProviderDelivery, ExternalBooking, Appointment, Calendar, Contact, Event):
        model.objects.all().delete()


@pytest.mark.parametrize("provider", sorted(STORIES))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_in_any_order_and_doubled_the_records_are_those_of_the_ordered_delivery(provider: str, data: Any) -> None:
    clear(), Connection.objects.all().delete()
    connection = make.connection(provider)
    User.objects.get_or_create(username="ana", defaults={"email": "ana@example.org"})
    story = STORIES[provider]
    for told in story:
        deliver(connection, told)
    assert not ProviderDelivery.objects.exclude(status="done").exists()
    wanted = records()
    clear()

    shuffled = data.draw(st.permutations([*story, *data.draw(st.lists(st.sampled_from(story), max_size=4))]))
    for told in shuffled:
        deliver(connection, told, again=True)

    assert records() == wanted


@pytest.mark.parametrize("provider", sorted(STORIES))
def test_the_story_told_in_order_ends_as_it_should(provider: str) -> None:
    connection = make.connection(provider)

    for told in STORIES[provider]:
        deliver(connection, told)

    found = dict(Appointment.objects.values_list("start_at", "status"))
    assert found[FIRST + timedelta(days=2)] == "cancelled"
    assert found[FIRST + timedelta(days=3)] == "no_show"
    assert Appointment.objects.get(status="cancelled", start_at=FIRST + timedelta(days=2)).cancel_reason == "I am ill"
    assert len(found) == (2 if provider == "calendly" else 3)
    statuses = [each.data["new_status"] for each in Event.objects.filter(type="appointment.status_changed")
                if each.data["role"] == "contact"]  # fmt: skip
    assert statuses.count("rescheduled") == 2


def test_a_booking_starts_workflows_and_what_staff_changed_stays() -> None:
    booked = {"uid": "t1", "event": "appointment.customer_booked", "config": {}, "conditions": None}
    workflows.workflow(triggers=[booked])
    connection = make.connection("calendly")
    deliver(connection, STORIES["calendly"][0])
    made = Appointment.objects.get()
    services.set_status(made, "showed")

    deliver(connection, STORIES["calendly"][0], again=True)
    drain()

    made.refresh_from_db()
    assert (made.status, str(made.contact), made.source) == ("showed", "Mia Sommer", "provider")
    assert Run.objects.filter(status="done").count() == 1


def test_what_staff_said_goes_when_it_takes_place_after_all() -> None:
    connection, story = make.connection("cal_com"), STORIES["cal_com"]
    for told in story[:2]:
        deliver(connection, told)
    services.cancel(Appointment.objects.get(), reason="Nobody is in")

    deliver(connection, story[2])

    made = Appointment.objects.get()
    assert (made.status, made.cancel_reason) == ("rescheduled", "")


@pytest.mark.parametrize(("payload", "why"), [
    ({"email": ""}, "cannot be stored"), ({"scheduled_event": {"start_time": FIRST.isoformat(), "end_time":
     FIRST.isoformat()}}, "ends before it begins"), ({"uri": ""}, "no number"),
])  # fmt: skip
def test_what_cannot_be_understood_waits_for_a_person(payload: Json, why: str) -> None:
    connection = make.connection("calendly")

    deliver(connection, calendly("invitee.created", "a", 0, **{"name": "", **payload}))

    held = ProviderDelivery.objects.get()
    assert held.status == "quarantined"
    assert why in held.error
    assert not Appointment.objects.exists()
