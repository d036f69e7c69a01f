"""Staff book, move and close appointments in the admin, and find them where they look."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from appointments.models import Appointment
from appointments.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/appointments/appointment/"
ADD = f"{LIST}add/"


def form(calendar: Any, contact: Contact, start: Any, **values: Any) -> dict[str, Any]:
    shown = timezone.localtime(start).strftime("%Y-%m-%dT%H:%M")
    return {
        "calendar": calendar.pk, "contact": contact.pk, "start_at": shown, "user": "", "title": "", "location": "",
        "notes": "", "more_guests": "", "every": "", **values,
    }  # fmt: skip


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["adminform"].form.errors)


@pytest.fixture
def boss() -> Client:
    return visit.boss()


def test_staff_book_for_a_contact_with_guests(boss: Client) -> None:
    calendar, anna, at = make.calendar(), contacts.contact(first_name="Anna"), make.coming()

    answer = boss.post(ADD, form(calendar, anna, at, title="Kitchen", more_guests="lea@example.org\njo@example.org"))

    made = Appointment.objects.get()
    assert answer.status_code == 302
    assert (made.contact, made.start_at, made.title, made.source) == (anna, at, "Kitchen", "staff")
    assert {guest.email for guest in made.guests.all()} == {"lea@example.org", "jo@example.org"}
    page = visit.text(boss, f"{LIST}{made.pk}/change/")
    assert ("Kitchen" in page, "lea@example.org" in page, "Ana" in page) == (True, True, True)


def test_what_stands_against_a_booking_is_told_at_its_field(boss: Client) -> None:
    calendar, anna, at = make.calendar(), contacts.contact(), make.coming()
    boss.post(ADD, form(calendar, anna, at))
    night = at.replace(hour=1)

    taken = boss.post(ADD, form(calendar, anna, at))
    closed = boss.post(ADD, form(calendar, anna, night))
    wrong = boss.post(ADD, form(calendar, anna, at + timedelta(hours=1), more_guests="nobody"))

    assert [[*errors(each)] for each in (taken, closed, wrong)] == [["start_at"], ["start_at"], ["more_guests"]]
    assert Appointment.objects.count() == 1
    boss.post(ADD, form(calendar, anna, night, override="on"))
    assert Appointment.objects.filter(start_at=night).exists()


def test_a_series_is_booked_whole_or_not_at_all(boss: Client) -> None:
    calendar, anna, at = make.calendar(), contacts.contact(), make.coming()
    boss.post(ADD, form(calendar, anna, at + timedelta(weeks=2)))

    refused = boss.post(ADD, form(calendar, anna, at, every="week", times="3"))
    assert "start_at" in errors(refused)
    assert Appointment.objects.count() == 1

    boss.post(ADD, form(calendar, anna, at + timedelta(hours=2), every="week", times="3"))
    series = Appointment.objects.exclude(series=None)
    assert (series.count(), series.values("series").distinct().count()) == (3, 1)


def test_it_is_moved_confirmed_called_off_and_taken_up_again(boss: Client) -> None:
    calendar, at = make.calendar(), make.coming()
    row = make.booked(calendar, at, now=timezone.now())
    page = f"{LIST}{row.pk}/"

    boss.post(f"{page}change/", form(calendar, row.contact, at + timedelta(hours=1), user=row.user_id), follow=True)
    row.refresh_from_db()
    assert (row.start_at, row.status) == (at + timedelta(hours=1), "rescheduled")

    assert visit.pressed(boss, f"{page}do/confirm/") == "Its status is “Confirmed”."
    assert visit.pressed(boss, f"{page}do/call-off/") == "Its status is “Cancelled”."
    other = make.booked(calendar, at + timedelta(hours=1), now=timezone.now())
    assert "taken" in visit.pressed(boss, f"{page}do/take-up/")
    visit.pressed(boss, f"{LIST}{other.pk}/do/call-off/")
    assert visit.pressed(boss, f"{page}do/take-up/") == "Its status is “Confirmed”."
    assert [each["status"] for each in make.told() if each["appointment_id"] == row.pk] == [
        "confirmed", "rescheduled", "confirmed", "cancelled", "confirmed",
    ]  # fmt: skip


def test_staff_say_why_they_cancel_it(boss: Client) -> None:
    row = make.booked(make.calendar(), make.coming(), now=timezone.now())
    page = f"{LIST}{row.pk}/"

    assert visit.pressed(boss, f"{page}do/call-off/", said="Ana is ill") == "Its status is “Cancelled”."
    assert "Cancelled because: Ana is ill" in visit.text(boss, f"{page}change/")
    assert make.told()[-1]["cancel_reason"] == "Ana is ill"
    visit.pressed(boss, f"{page}do/take-up/")
    assert "Cancelled because" not in visit.text(boss, f"{page}change/")
    assert visit.pressed(boss, f"{page}do/call-off/", said="x" * 301) == "At most 300 characters."
    row.refresh_from_db()
    assert (row.status, row.cancel_reason) == ("confirmed", "")


def test_who_may_only_look_presses_and_books_nothing(boss: Client) -> None:
    row = make.booked(make.calendar(), make.coming(), now=timezone.now())
    reader = visit.staff("view_appointment")

    assert reader.get(LIST).status_code == reader.get(f"{LIST}{row.pk}/change/").status_code == 200
    assert reader.get(ADD).status_code == 403
    assert reader.post(f"{LIST}{row.pk}/do/call-off/").status_code == 403
    row.refresh_from_db()
    assert row.status == "confirmed"


def test_the_list_is_narrowed_to_today_and_to_what_is_to_come(boss: Client) -> None:
    calendar = make.calendar()
    make.booked(calendar, make.coming(), title="Ahead", now=timezone.now())
    make.booked(calendar, make.TUESDAY, title="Long ago")

    assert "Ahead" in visit.text(boss, f"{LIST}?when=coming")
    assert "Long ago" not in visit.text(boss, f"{LIST}?when=coming")
    assert "Long ago" in visit.text(boss, f"{LIST}?when=past")
    assert "Ahead" not in visit.text(boss, f"{LIST}?when=today")


def test_a_contacts_page_shows_the_next_and_the_latest(boss: Client) -> None:
    calendar, anna = make.calendar(), contacts.contact()
    page = f"/admin/contacts/contact/{anna.pk}/change/"
    assert "None to come." in visit.text(boss, page)

    make.booked(calendar, make.coming(), anna, title="Ahead", now=timezone.now())
    make.booked(calendar, make.TUESDAY, anna, title="Long ago")

    said = visit.text(boss, page)
    assert f'{ADD}?contact={anna.pk}"' in boss.get(page).content.decode()
    assert "Ahead Confirmed" in said
    assert "Before: Long ago" in said
    assert "Ahead" not in visit.text(visit.staff("view_contact", name="other"), page)


def test_todays_page_shows_what_this_person_keeps_today() -> None:
    boss = visit.boss()
    mine = boss.get("/admin/").wsgi_request.user
    calendar, now = make.calendar("Visit", mine), timezone.localtime()
    for hour, title in ((9, "Morning"), (17, "Called off")):
        row = make.booked(
            calendar, now.replace(hour=hour, minute=0, second=0, microsecond=0), title=title, override=True
        )
        if title == "Called off":
            boss.post(f"{LIST}{row.pk}/do/call-off/")
    make.booked(make.calendar(), now.replace(hour=10, minute=0, second=0, microsecond=0), title="Ana's", override=True)

    said = visit.text(boss, "/admin/")

    assert "My appointments today" in said
    assert "Morning" in said
    assert "Called off" not in said
    assert "Ana's" not in said
