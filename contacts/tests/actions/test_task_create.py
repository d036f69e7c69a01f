"""task.create: for whom, by when, how urgent."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contacts.models import Contact, Task
from contacts.tests import make
from contacts.tests.actions import play

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def created(who: Contact, **config: Any) -> Task:
    play.perform("task.create", who, **config)
    return Task.objects.get()


def test_a_task_is_added_for_the_owner() -> None:
    ana = make.user("ana")
    mia = make.contact(owner=ana)

    done = play.perform(
        "task.create", mia, "tea", title="Send {{ event.body }}\nto {{ contact.first_name }}",
        details="<b>{{ event.body }}</b>\nsoon", priority="high",
    )  # fmt: skip

    task = Task.objects.get()
    assert (task.contact, task.title, task.description) == (mia, "Send tea to Mia", "<b>tea</b>\nsoon")
    assert (task.assignee, task.priority, task.due_at, task.completed_at) == (ana, 3, None, None)
    assert (done.status, done.summary, done.result) == (
        "done", "Added the task “Send tea to Mia”.", {"task_id": task.pk},
    )  # fmt: skip
    [event] = make.events("task.added")
    assert (event.actor, event.cause) == ("workflow", done.key)


@pytest.mark.parametrize(("assignee", "name"), [("ben", "ben"), ("", None), ("owner", None)])
def test_a_task_is_for_a_user_or_for_nobody_yet(assignee: str, name: str | None) -> None:
    make.user("ben")

    task = created(make.contact(), title="Call", assignee=assignee)

    assert (task.assignee and task.assignee.username) == name
    assert task.priority == 2


@pytest.mark.parametrize(
    ("config", "due"),
    [
        # NOW is Wednesday 11:00 in Berlin, the workflow's zone.
        ({"due_in": 30, "unit": "minutes"}, "2026-03-04 11:30"),
        ({"due_in": 3, "unit": "hours"}, "2026-03-04 14:00"),
        ({"due_in": 2}, "2026-03-06 11:00"),
        ({"due_in": 2, "at": "09:00"}, "2026-03-06 09:00"),
        ({"due_in": 3, "at": "09:00", "skip_weekends": True}, "2026-03-09 09:00"),
    ],
)
def test_it_is_due_in_the_workflows_time_zone(config: dict[str, Any], due: str) -> None:
    task = created(make.contact(), title="Call", **config)

    assert task.due_at == datetime.fromisoformat(due).replace(tzinfo=BERLIN)


def test_a_title_is_cut_to_what_fits() -> None:
    assert created(make.contact(), title="x" * 300).title == "x" * 200


def test_without_title_it_fails() -> None:
    done = play.perform("task.create", make.contact(), title="{{ contact.website }}")

    assert (done.status, done.error) == ("failed", "The title is empty. Add a word that is always there.")
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"title": "Call"}, "Adds the task “Call” for the contact's owner."),
        ({"title": "{{ event.body }}", "assignee": "", "due_in": 1, "at": "09:00"},
         "Adds the task “Called back” for nobody yet, due 5 Mar 2026, 09:00."),
        ({"title": "Call", "assignee": "ana"}, "Adds the task “Call” for ana."),
        ({"title": "Call", "due_in": 1, "whole_day": True},
         "Adds the task “Call” for the contact's owner, due 5 Mar 2026."),
    ],
)  # fmt: skip
def test_preview(config: dict[str, Any], said: str) -> None:
    assert play.preview("task.create", None, **config) == said


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        ({"title": "Call", "due_in": 1, "at": "09:00"}, []),
        ({"title": "Call", "assignee": ""}, []),
        ({"title": "Call", "assignee": "zoe"}, [(".assignee", "There is no user “zoe”.")]),
        ({"title": "Call", "at": "09:00"},
         [("", "A time of day goes with a number of days, for example 1 day at 09:00.")]),
        ({"title": "Call", "due_in": 2, "unit": "hours", "at": "09:00"},
         [("", "A time of day goes with a number of days, for example 1 day at 09:00.")]),
        ({}, [(".title", "This is required.")]),
    ],
)  # fmt: skip
def test_problems(config: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert play.problems("task.create", **config) == problems


@pytest.mark.parametrize("at", ["9:00", "24:00", "noon"])
def test_a_time_of_day_is_written_in_full(at: str) -> None:
    assert [path for path, _message in play.problems("task.create", title="Call", due_in=1, at=at)] == [".at"]


def test_a_task_may_be_for_the_whole_day_remind_and_come_again() -> None:
    task = created(
        make.contact(), title="Call", due_in=2, whole_day=True, remind_before=30, repeats="monthly", repeat_every=2,
        repeat_until="2027-01-31",
    )  # fmt: skip

    assert (task.due_on, task.remind_before, task.remind_at is not None) == (date(2026, 3, 6), 30, True)
    assert (task.repeats, task.repeat_every, task.repeat_until) == ("monthly", 2, date(2027, 1, 31))
    assert task.repeat_from == date(2026, 3, 6)


@pytest.mark.parametrize(
    "config",
    [{"whole_day": True}, {"remind_before": 5}, {"repeats": "daily"}, {"due_in": 1, "at": "09:00", "whole_day": True}],
)
def test_what_counts_from_the_due_date_needs_one(config: dict[str, Any]) -> None:
    assert [path for path, _message in play.problems("task.create", title="Call", **config)] == [""]
