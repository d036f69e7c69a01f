"""The calendar of somebody's tasks, and its secret address."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from contacts.models import CalendarFeed, Task
from contacts.tests import make
from contacts.todo import calendars
from triggers.tests.api.calls import with_permissions

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def reader() -> User:
    return with_permissions(make.user("ana", is_staff=True), "contacts.view_task")


def parsed(answer: object) -> list:
    return [item for item in Calendar.from_ical(answer.content).walk() if item.name in ("VEVENT", "VTODO")]


def test_tasks_are_appointments_with_lasting_ids() -> None:
    ana = reader()
    timed = make.task(make.contact(last_name="Berg"), "Call; then, write", assignee=ana, due_at=DUE, remind_before=15)
    whole = make.task(None, "Tidy 🧹", assignee=ana, due_on=date(2026, 3, 5), description="All\nof it")
    make.task(None, "Undated", assignee=ana), make.task(None, "Not hers", due_at=DUE)
    make.task(None, "Done", assignee=ana, due_at=DUE, completed_at=timezone.now())

    answer = Client().get(f"/cal/{calendars.make(ana)}.ics")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    first, second = parsed(answer)
    assert (str(first["uid"]), str(first["summary"])) == (f"task-{timed.pk}@127.0.0.1", "Call; then, write · Mia Berg")
    assert (first["dtstart"].dt, first["dtend"].dt - first["dtstart"].dt) == (DUE, timedelta(minutes=30))
    assert [alarm["trigger"].dt for alarm in first.walk("VALARM")] == [DUE - timedelta(minutes=15)]
    assert (str(second["summary"]), second["dtstart"].dt, second["dtend"].dt) == (
        "Tidy 🧹", date(2026, 3, 5), date(2026, 3, 6),
    )  # fmt: skip
    assert str(second["description"]).startswith("All\nof it")
    assert whole.get_priority_display() == "Normal"


def test_any_text_and_moment_reads_as_the_format_wants_it() -> None:
    """Lines of at most 75 bytes, none cut within a letter; text that cannot end its line; a moment that is no span."""
    ana, title = reader(), "Naïve\x0b; “quotes”, \\n 👩🏽‍🚀 مرحبا " * 5
    body = "One\r\nEND:VEVENT\nBEGIN:VEVENT\x07, two;"
    make.task(None, title, assignee=ana, due_at=DUE, description=body, remind_before=60)

    answer = Client().get(f"/cal/{calendars.make(ana)}.ics")

    lines = answer.content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() and b"\n" not in line for line in lines[:-1])
    assert b"TRIGGER;VALUE=DATE-TIME:20260304T090000Z" in lines
    [event] = parsed(answer)
    assert str(event["summary"]) == title.replace("\x0b", "")
    assert str(event["description"]).startswith("One\nEND:VEVENT\nBEGIN:VEVENT, two;\n\n")


def test_as_todos_it_tells_what_is_done_too() -> None:
    ana = reader()
    make.task(None, "Open", assignee=ana, due_at=DUE)
    make.task(None, "Done", assignee=ana, due_at=DUE, completed_at=timezone.now())
    make.task(None, "Long done", assignee=ana, due_at=DUE, completed_at=timezone.now() - timedelta(days=40))

    todos = parsed(Client().get(f"/cal/{calendars.make(ana)}.ics?as=todos"))

    assert [(str(each["summary"]), str(each["status"])) for each in todos] == [
        ("Open", "NEEDS-ACTION"), ("Done", "COMPLETED"),
    ]  # fmt: skip


def test_what_has_not_changed_is_not_sent_again() -> None:
    ana = reader()
    task = make.task(None, "Call", assignee=ana, due_at=DUE)
    address = f"/cal/{calendars.make(ana)}.ics"
    etag = Client().get(address)["ETag"]

    same = Client().get(address, HTTP_IF_NONE_MATCH=etag)
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)

    Task.objects.get(pk=task.pk).save()
    task.title = "Write"
    task.save()
    other = Client().get(address, HTTP_IF_NONE_MATCH=etag)
    assert other.status_code == 200
    assert other["ETag"] != etag


def test_the_address_is_shown_once_and_ends_with_the_next() -> None:
    ana = reader()
    first = calendars.make(ana)
    second = calendars.make(ana)

    assert first not in str(CalendarFeed.objects.values_list())
    assert Client().get(f"/cal/{first}.ics").status_code == 404
    assert Client().get(f"/cal/{second}.ics").status_code == 200
    assert CalendarFeed.objects.get().read_at is not None
    assert calendars.end(ana)
    assert not calendars.end(ana)
    assert Client().get(f"/cal/{second}.ics").status_code == 404


def test_who_may_not_see_tasks_any_more_reads_nothing() -> None:
    ana = reader()
    address = f"/cal/{calendars.make(ana)}.ics"

    ana.user_permissions.clear()
    assert Client().get(address).status_code == 404

    with_permissions(ana, "contacts.view_task")
    User.objects.update(is_active=False)
    assert Client().get(address).status_code == 404


def test_who_asks_too_often_is_put_off() -> None:
    address = f"/cal/{calendars.make(reader())}.ics"

    answers = [Client().get(address).status_code for _ in range(31)]

    assert answers[:30] == [200] * 30
    assert answers[30] == 429


def test_writing_is_refused() -> None:
    assert Client().post(f"/cal/{calendars.make(reader())}.ics").status_code == 405
