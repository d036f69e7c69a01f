"""Booking on the public page: what is shown, what is stored, and what is not."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from appointments.models import Appointment, Calendar, CalendarGroup, Guest
from appointments.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers import sweeping
from triggers.models import Event, Run
from triggers.tests import make as workflows

pytestmark = pytest.mark.django_db
BOOKED = {"uid": "t1", "event": "appointment.customer_booked", "config": {}, "conditions": None}


def test_who_books_gets_a_mail_with_the_appointment_for_their_calendar() -> None:
    calendar, at = make.calendar(location="Waldstraße 12"), make.coming()
    text = "On {{ appointment.start_date }} at {{ appointment.start_time }}. Move it: {{ appointment.reschedule_url }}"
    workflows.workflow(workflows.action(
        "mail", "email.send", subject="{{ appointment.title }}", text=text, category="transactional",
        attach=["appointment"],
    ), triggers=[BOOKED])  # fmt: skip

    answer = make.post(calendar, at, guests="Tom <tom@example.org>")
    sweeping.drain()

    assert answer.status_code == 302
    made, [kept] = Appointment.objects.get(), mail.outbox
    assert (made.start_at, made.status, made.source, str(made.contact)) == (at, "confirmed", "page", "Mia Sommer")
    assert kept.subject == "First talk: Mia Sommer"
    assert f"/book/a/{made.pk}:" in kept.body
    raw = kept.message().as_bytes()
    assert b'method="REQUEST"' in raw
    assert b"appointment.ics" in raw
    assert make.told("appointment.customer_booked")[0]["contact_id"] == made.contact_id
    assert [each["role"] for each in make.told("appointment.customer_booked")] == ["contact", "guest"]
    assert {each["modified_by"] for each in make.told()} == {"customer"}
    assert Run.objects.get().contact_id == made.contact_id
    assert "It is booked." in make.VISITOR.get(answer["Location"]).content.decode()


def test_the_page_offers_free_times_in_the_readers_zone_and_language() -> None:
    calendar, at = make.calendar(), make.coming()
    make.booked(calendar, at, now=at - timedelta(days=1))
    address = f"/book/first-talk/?from={at:%Y-%m-%d}&zone=Asia/Tokyo"

    page = Client().get(address, headers={"Accept-Language": "de"}).content.decode()

    assert '<html lang="de">' in page
    assert f"{(at + timedelta(hours=9, minutes=30)):%H:%M}</time>" in page
    assert at.isoformat()[:16].replace("T10", "T19") not in page


@pytest.mark.parametrize(("given", "told"), [
    ({"email": "mia"}, "valid email address"), ({"name": ""}, "required"), ({"phone": "12"}, "phone"),
    ({"guests": "tom@example.org\nno address, also none"}, "These are no e-mail addresses: no address, also none."),
    ({"when": "soon"}, "Choose a time."), ({"when": "2026-03-02T09:00"}, "Choose a time."),
])  # fmt: skip
def test_what_cannot_be_taken_is_told_and_nothing_is_lost_or_stored(given: dict[str, str], told: str) -> None:
    calendar = make.calendar()

    answer = make.post(calendar, make.coming(), **{"notes": "About the worktop", **given})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "About the worktop" in answer.content.decode()
    assert (Appointment.objects.count(), Contact.objects.count(), Event.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("hours", [-240, 24 * 365 * 3])
def test_a_time_that_is_not_offered_is_refused_with_others_to_choose_from(hours: int) -> None:
    calendar = make.calendar()

    answer = make.post(calendar, make.coming() + timedelta(hours=hours))

    assert answer.status_code == 409
    assert (Appointment.objects.count(), Contact.objects.count()) == (0, 0)


def test_a_time_that_was_taken_meanwhile_keeps_what_was_entered_and_offers_others() -> None:
    calendar, at = make.calendar(), make.coming()
    make.post(calendar, at)

    answer = make.post(calendar, at, name="Ben Kurz", email="ben@example.org", notes="Second")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Second" in page
    assert page.count("<option value=") > 5
    assert [str(each) for each in Contact.objects.all()] == ["Mia Sommer"]


def test_a_stranger_who_types_a_known_address_changes_nothing_that_is_known() -> None:
    known = contacts.contact(first_name="Anna", last_name="", email="mia@example.org")

    make.post(make.calendar(), make.coming(), name="Eve Other", phone="+49 30 123456")

    known.refresh_from_db()
    assert (known.first_name, known.last_name, known.phone) == ("Anna", "", "+4930123456")
    assert Appointment.objects.get().contact == known


def test_programs_that_fill_in_everything_book_nothing() -> None:
    answer = make.post(make.calendar(), make.coming(), website="https://spam.example")

    assert (answer.status_code, Appointment.objects.count()) == (200, 0)


def test_calendars_that_are_not_there_or_closed_say_so() -> None:
    make.calendar("Old", active=False)

    answers = [make.VISITOR.get(f"/book/{key}/").status_code for key in ("none", "old")]

    assert answers == [404, 410]
    assert make.VISITOR.put("/book/old/").status_code == 405
    assert mail.outbox == []


def test_a_group_offers_its_calendars() -> None:
    group = CalendarGroup.objects.create(name="Talks")
    make.calendar("First", group=group)
    Calendar.objects.create(name="Hidden", group=group, active=False)

    page = make.VISITOR.get("/book/group/talks/").content.decode()

    assert "/book/first/" in page
    assert "Hidden" not in page


def test_guests_are_contacts_once_each_and_never_the_one_who_booked() -> None:
    make.post(make.calendar(), make.coming(), guests="tom@example.org, TOM@example.org; mia@example.org")

    assert [guest.email for guest in Guest.objects.all()] == ["TOM@example.org"]


def test_one_address_books_ten_times_a_minute() -> None:
    calendar, at = make.calendar(), make.coming()

    found = [make.post(calendar, at).status_code for _n in range(11)]

    assert found == [302, *[409] * 9, 429]
