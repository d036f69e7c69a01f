"""Appointments for calendar programs: under a secret token, of a calendar or a member, without what was called off."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from appointments import feeds, services
from appointments.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def titles(token: str) -> list[str]:
    answer = make.VISITOR.get(f"/book/feed/{token}.ics")
    assert answer.status_code == 200
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]


def test_a_feed_holds_what_is_to_come_and_the_one_before_stops_working() -> None:
    at = make.coming()
    calendar = make.calendar()
    make.booked(calendar, at, title="Plan", now=at - timedelta(days=1))
    gone = make.booked(calendar, at + timedelta(hours=1), title="Gone", now=at - timedelta(days=1))
    services.cancel(gone)
    old = feeds.make(calendar=calendar)

    token = feeds.make(calendar=calendar)

    assert titles(token) == ["Plan"]
    assert make.VISITOR.get(f"/book/feed/{old}.ics").status_code == 404
    assert feeds.end(calendar=calendar)
    assert make.VISITOR.get(f"/book/feed/{token}.ics").status_code == 404


def test_a_members_feed_is_theirs_while_they_may_see_appointments() -> None:
    client = visit.staff("view_appointment")
    user = int(client.session["_auth_user_id"])
    answer = client.post("/admin/appointments/appointment/my-feed/")
    token = answer.context["secret"].rpartition("/")[2].removesuffix(".ics")
    member = feeds.by_token(token).user
    at = make.coming()
    make.booked(make.calendar("Talk", member), at, title="Mine", now=at - timedelta(days=1))

    assert member.pk == user
    assert titles(token) == ["Mine"]
    member.is_active = False
    member.save()
    assert make.VISITOR.get(f"/book/feed/{token}.ics").status_code == 404


def test_the_same_appointments_are_the_same_answer() -> None:
    calendar = make.calendar()
    make.booked(calendar, datetime(2026, 3, 3, 8, tzinfo=UTC))
    token = feeds.make(calendar=calendar)

    first = make.VISITOR.get(f"/book/feed/{token}.ics")
    again = make.VISITOR.get(f"/book/feed/{token}.ics", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
