"""A notice for each reminder that is due: once, to whoever has the task, and of nothing that is done or long past."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contacts import services
from contacts.models import Task
from contacts.tests import make
from contacts.todo import reminding
from triggers import sweeping
from triggers.models import Notice, Organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_berlin() -> None:
    Organisation.objects.create(time_zone="Europe/Berlin")


def mine(**values: Any) -> Task:
    return make.task(make.contact(first_name="Mia", last_name="Berg"), assignee=make.user("ana"), **values)


def notices() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("user__username", "text"))


def test_the_assignee_is_told_once() -> None:
    task = mine(due_at=NOW + 2 * HOUR, remind_before=120)

    assert reminding.remind(NOW - timedelta(seconds=1)) == 0
    sweeping.drain(NOW)
    sweeping.drain(NOW + HOUR)

    assert notices() == [("ana", "Call · Mia Berg, due 4 March, 13:00")]
    assert Notice.objects.get().link == f"/admin/contacts/task/{task.pk}/change/"
    task.refresh_from_db()
    assert (task.reminded_at, len(make.events("task.added"))) == (NOW, 1)


def test_a_day_and_no_day_have_their_words() -> None:
    who = make.user("ana")
    make.task(None, "Order paper", due_on=date(2026, 3, 5), remind_at=NOW, assignee=who)
    make.task(None, "Breathe", remind_at=NOW - HOUR, assignee=who)

    reminding.remind(NOW)

    assert [text for _who, text in notices()] == ["Reminder: Breathe", "Order paper, due 5 March"]


def test_a_moved_reminder_is_told_again() -> None:
    task = mine(due_at=NOW + HOUR, remind_before=60)
    reminding.remind(NOW)

    task = Task.objects.get(pk=task.pk)
    task.due_at = NOW + 25 * HOUR
    task.save()

    assert reminding.remind(NOW + HOUR) == 0
    assert reminding.remind(NOW + 24 * HOUR) == 1
    assert len(notices()) == 2


def test_what_is_done_nobodys_or_long_past_reminds_nobody() -> None:
    services.complete_task(mine(remind_at=NOW), None)
    make.task(None, remind_at=NOW)
    gone = make.user("gone", is_active=False)
    make.task(None, remind_at=NOW, assignee=gone)
    make.task(None, remind_at=NOW - timedelta(hours=49), assignee=make.user("ben"))

    assert reminding.due_lanes(NOW) == set()
    assert reminding.remind(NOW) == 0
    assert notices() == []


def test_forgetting_the_person_takes_the_notice() -> None:
    task = mine(remind_at=NOW)
    reminding.remind(NOW)

    services.forget(task.contact)

    assert notices() == []
