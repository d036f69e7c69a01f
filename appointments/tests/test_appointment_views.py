"""An appointment's own page: what its link lets whoever booked it do, and whom it lets do nothing."""

from datetime import timedelta

import pytest

from appointments import links
from appointments.models import Appointment
from appointments.tests import make
from triggers.models import Event

pytestmark = pytest.mark.django_db


def made(**values: object) -> Appointment:
    at = make.coming()
    return make.booked(make.calendar(**values), at, now=at - timedelta(days=1))


def post(appointment: Appointment, page: str = "", **values: str):
    return make.VISITOR.post(links.path(appointment.pk) + page, values)


def test_looking_changes_nothing() -> None:
    appointment = made(auto_confirm=False)
    events = Event.objects.count()

    page = make.VISITOR.get(links.path(appointment.pk)).content.decode()

    assert "Confirm" in page
    assert Event.objects.count() == events
    assert make.VISITOR.get(links.path(appointment.pk) + "appointment.ics").content.startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize("token", ["{own}", "{own}:forged", "{own}:", "{own}:{other}", "-{own}:abc", "x", "٣:abc"])
def test_a_forged_link_opens_nothing(token: str) -> None:
    appointment = made()
    token = token.format(own=appointment.pk, other=links.path(appointment.pk + 1).strip("/").rpartition(":")[2])

    answers = {make.VISITOR.post(f"/book/a/{token}/{page}", {"act": "cancel"}).status_code for page in ("", "move/")}

    assert answers == {404}
    assert Appointment.objects.get().status == "confirmed"


def test_the_customer_confirms_and_cancels_and_a_second_time_is_told_so() -> None:
    appointment = made(auto_confirm=False)

    answers = [post(appointment, act=act).status_code for act in ("confirm", "cancel", "cancel", "confirm", "eat")]

    assert answers == [302, 302, 200, 409, 422]
    assert [(each["status"], each["modified_by"]) for each in make.told()] == [
        ("new", "system"), ("confirmed", "customer"), ("cancelled", "customer"),
    ]  # fmt: skip


def test_the_customer_says_why_it_is_cancelled_and_reads_it_again() -> None:
    appointment = made()

    assert post(appointment, act="cancel", reason="  I am ill,\n sorry ").status_code == 302

    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancel_reason) == ("cancelled", "I am ill, sorry")
    assert make.told()[-1]["cancel_reason"] == "I am ill, sorry"
    page = make.VISITOR.get(links.path(appointment.pk)).content.decode()
    assert "I am ill, sorry" in page
    assert b"COMMENT:I am ill\\, sorry" in make.VISITOR.get(links.path(appointment.pk) + "appointment.ics").content


@pytest.mark.parametrize("reason", ["x" * 301, "no\x00thing"])
def test_a_reason_that_cannot_be_stored_is_refused_and_nothing_is_cancelled(reason: str) -> None:
    appointment = made()

    answer = post(appointment, act="cancel", reason=reason)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not cancelled yet. Look at what is marked." in page
    assert '<details id="cancel" open>' in page
    appointment.refresh_from_db()
    assert appointment.status == "confirmed"


def test_the_customer_moves_it_and_is_asked_before() -> None:
    appointment = made()
    later = appointment.start_at + timedelta(hours=1)
    pick = make.VISITOR.get(f"{links.path(appointment.pk)}move/?from={later:%Y-%m-%d}").content.decode()
    ask = make.VISITOR.get(links.path(appointment.pk) + "move/", {"at": later.isoformat()}).content.decode()

    answer = post(appointment, "move/", at=later.isoformat())

    assert "Choose another time." in pick
    assert "Move it" in ask
    assert answer.status_code == 302
    appointment.refresh_from_db()
    assert (appointment.start_at, appointment.status) == (later, "rescheduled")


def test_a_time_that_was_taken_meanwhile_leaves_it_where_it_is() -> None:
    appointment = made()
    later = appointment.start_at + timedelta(hours=1)
    make.booked(appointment.calendar, later, now=later - timedelta(days=1))

    answer = post(appointment, "move/", at=later.isoformat())

    assert answer.status_code == 409
    assert "Choose a time" in answer.content.decode()
    appointment.refresh_from_db()
    assert appointment.status == "confirmed"


def test_too_late_to_change_says_so_and_changes_nothing() -> None:
    appointment = made(notice_hours=0)
    appointment.calendar.notice_hours = 700
    appointment.calendar.save()

    answers = [post(appointment, act="cancel"), post(appointment, "move/", at=make.coming(96).isoformat())]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "less than 700 hours" in answers[0].content.decode()
    appointment.refresh_from_db()
    assert appointment.status == "confirmed"
