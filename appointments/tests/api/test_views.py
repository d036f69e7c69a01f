"""Calendars and appointments over the API: written through the same doors, refused at their fields."""

from datetime import timedelta
from typing import Any

import pytest

from appointments.models import Appointment, Calendar
from appointments.tests import make
from contacts.tests import make as contacts
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def api() -> Any:
    return calls.client("calendars:read", "calendars:write", "appointments:read", "appointments:write")


def new(api: Any, calendar: Calendar, **values: Any) -> Any:
    at = make.coming()
    data = {"calendar": calendar.pk, "contact": contacts.contact().pk, "start_at": at.isoformat(), **values}
    return api.post("/api/v1/appointments/", data, format="json")


def test_a_calendar_is_written_with_its_members_and_hours(api: Any) -> None:
    contacts.user("ana")
    hours = [{"weekday": 2, "starts": "09:00", "ends": "12:00"}]
    data = {"name": "First talk", "time_zone": "Europe/Berlin", "members": [{"user": "ana"}], "hours": hours}

    made = api.post("/api/v1/calendars/", data, format="json")
    changed = api.patch(f"/api/v1/calendars/{made.json()['id']}/", {"hours": []}, format="json")

    assert made.status_code == 201
    assert made.json()["key"] == "first-talk"
    assert [row["user"] for row in made.json()["members"]] == ["ana"]
    assert (changed.json()["hours"], changed.json()["members"]) == ([], made.json()["members"])


@pytest.mark.parametrize(("given", "field"), [
    ({"minutes": 7}, "minutes"), ({"time_zone": "Mars"}, "time_zone"), ({"members": [{"user": "eve"}]}, "members"),
    ({"hours": [{"weekday": 2, "starts": "12:00", "ends": "09:00"}]}, "hours"),
    ({"hours": [{"weekday": 9, "starts": "09:00", "ends": "10:00"}]}, "hours"),
    ({"hours": [{"weekday": 1, "starts": "09:03", "ends": "10:00"}]}, "hours"),
])  # fmt: skip
def test_what_a_calendar_cannot_be_is_refused_at_its_field(api: Any, given: dict[str, Any], field: str) -> None:
    answer = api.post("/api/v1/calendars/", {"name": "Talk", **given}, format="json")

    assert answer.status_code == 400
    assert field in str(answer.json()["errors"])
    assert not Calendar.objects.exists()


def test_free_times_are_told_with_who_has_them(api: Any) -> None:
    calendar, at = make.calendar(), make.coming()
    since, until = at.isoformat().replace("+", "%2B"), (at + HOUR).isoformat().replace("+", "%2B")

    found = api.get(f"/api/v1/calendars/{calendar.pk}/slots/?since={since}&until={until}").json()

    assert [row["users"] for row in found] == [["ana"], ["ana"]]


def test_an_appointment_is_booked_moved_and_cancelled(api: Any) -> None:
    made = new(api, make.calendar(), guests=[{"email": "tom@example.org"}])
    address = f"/api/v1/appointments/{made.json()['id']}/"
    later = (make.coming() + HOUR).isoformat()

    moved = api.patch(address, {"start_at": later}, format="json")
    ended = api.patch(address, {"status": "cancelled"}, format="json")

    assert (made.status_code, made.json()["status"], made.json()["user"]) == (201, "confirmed", "ana")
    assert [row["email"] for row in made.json()["guests"]] == ["tom@example.org"]
    assert (moved.json()["status"], ended.json()["status"]) == ("rescheduled", "cancelled")
    assert [each["modified_by"] for each in make.told() if each["role"] == "contact"] == ["api"] * 3


def test_a_reason_is_given_with_the_status_or_later(api: Any) -> None:
    calendar = make.calendar()
    address = f"/api/v1/appointments/{new(api, calendar).json()['id']}/"

    ended = api.patch(address, {"status": "cancelled", "cancel_reason": "Ill"}, format="json").json()
    told = make.told()[-1]["cancel_reason"]
    later = api.patch(address, {"cancel_reason": "Ill, and away"}, format="json").json()
    again = api.patch(address, {"status": "confirmed"}, format="json").json()

    assert (ended["status"], ended["cancel_reason"], told) == ("cancelled", "Ill", "Ill")
    assert (later["status"], later["cancel_reason"]) == ("cancelled", "Ill, and away")
    assert (again["status"], again["cancel_reason"]) == ("confirmed", "")
    assert [each["new_status"] for each in make.told()] == ["confirmed", "cancelled", "confirmed"]


@pytest.mark.parametrize(
    "given", [{"cancel_reason": "Ill"}, {"status": "no_show", "cancel_reason": "Ill"},
              {"status": "cancelled", "cancel_reason": "x" * 301}],
)  # fmt: skip
def test_a_reason_that_does_not_fit_is_refused_and_nothing_changes(api: Any, given: dict[str, str]) -> None:
    calendar = make.calendar()
    address = f"/api/v1/appointments/{new(api, calendar).json()['id']}/"

    answer = api.patch(address, given, format="json")

    assert answer.status_code == 400
    assert "cancel_reason" in str(answer.json()["errors"])
    assert new(api, calendar, cancel_reason="Ill").status_code == 400
    assert (Appointment.objects.get().status, Appointment.objects.get().cancel_reason) == ("confirmed", "")


def test_a_time_that_is_taken_is_a_conflict_and_stores_nothing(api: Any) -> None:
    calendar = make.calendar()
    new(api, calendar)

    answer = new(api, calendar, guests=[{"email": "tom@example.org"}])

    assert answer.status_code == 409
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(("given", "field"), [
    ({"guests": [{"email": "none"}]}, "guests"), ({"time_zone": "Mars"}, "time_zone"), ({"user": "eve"}, "user"),
    ({"status": "eaten"}, "status"), ({"repeat": {"every": "week", "times": 99}}, "repeat"),
])  # fmt: skip
def test_what_an_appointment_cannot_be_is_refused_at_its_field(api: Any, given: dict[str, Any], field: str) -> None:
    answer = new(api, make.calendar(), **given)

    assert answer.status_code == 400
    assert field in str(answer.json()["errors"])
    assert not Appointment.objects.exists()


def test_a_series_is_booked_at_once(api: Any) -> None:
    made = new(api, make.calendar(), repeat={"every": "week", "times": 3})

    found = api.get(f"/api/v1/appointments/?series={made.json()['series']}").json()
    assert len(found["results"]) == 3


def test_a_calendar_with_appointments_is_not_deleted(api: Any) -> None:
    calendar = make.calendar()
    new(api, calendar)

    assert api.delete(f"/api/v1/calendars/{calendar.pk}/").status_code == 409
