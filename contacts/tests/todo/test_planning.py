"""When a task is due, when somebody is reminded, and when it comes again; in the organisation's days."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from contacts.models import Task
from contacts.tests import make
from contacts.todo import planning
from triggers.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_berlin() -> None:
    Organisation.objects.create(time_zone="Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_day_without_a_time_is_overdue_from_its_end() -> None:
    task = make.task(due_on=date(2026, 3, 4))

    assert task.due_at == at("2026-03-04 22:59:59")


def test_a_time_takes_the_place_of_a_day_and_the_other_way_round() -> None:
    task = Task.objects.get(pk=make.task(due_on=date(2026, 3, 4)).pk)

    task.due_at = at("2026-03-05 09:00")
    task.save()
    task = Task.objects.get(pk=task.pk)
    assert (task.due_on, task.due_at) == (None, at("2026-03-05 09:00"))

    task.due_on = date(2026, 3, 6)
    task.save()
    task = Task.objects.get(pk=task.pk)
    assert (task.due_on, task.due_at) == (date(2026, 3, 6), at("2026-03-06 22:59:59"))

    task.due_on = None
    task.save()
    task = Task.objects.get(pk=task.pk)
    assert (task.due_on, task.due_at) == (None, None)


def test_a_reminder_follows_its_due_date() -> None:
    task = Task.objects.get(pk=make.task(due_at=at("2026-03-04 10:00"), remind_before=60).pk)
    assert task.remind_at == at("2026-03-04 09:00")

    task.due_at = at("2026-03-05 10:00")
    task.save()
    assert task.remind_at == at("2026-03-05 09:00")

    task.remind_before = None
    task.save()
    assert task.remind_at is None


def test_a_reminder_of_a_whole_day_counts_from_the_morning() -> None:
    # 09:00 in Berlin on the day before; it is already summer time on the 30th, and on the 29th at 9.
    assert make.task(due_on=date(2026, 3, 30), remind_before=1440).remind_at == at("2026-03-29 07:00")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"remind_before": 5}, "remind_before"),
        ({"due_on": date(2026, 3, 4), "remind_before": 10_000_000}, "remind_before"),
        ({"repeats": "daily"}, "repeats"),
        ({"due_on": date(2026, 3, 4), "repeats": "daily", "repeat_every": 0}, "repeat_every"),
        ({"due_on": date(2026, 3, 4), "repeats": "daily", "repeat_until": date(2026, 3, 3)}, "repeat_until"),
        ({"due_on": date(9999, 12, 31)}, "due_on"),
        ({"due_at": datetime(1, 1, 1, tzinfo=UTC)}, "due_at"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(values: dict[str, Any], field: str) -> None:
    assert list(planning.problems(Task(title="Call", **values))) == [field]


def again(task: Task, times: int, today: date = date(2020, 1, 1)) -> list[str]:
    """The days on which the task comes again, each completed on its own day."""
    days = []
    for _time in range(times):
        day = planning.next_day(task, today, Organisation.get().zone)
        if day is None:
            return days
        days.append(day.isoformat())
        task = Task(due_on=day, repeats=task.repeats, repeat_every=task.repeat_every, repeat_from=task.repeat_from,
                    repeat_until=task.repeat_until)  # fmt: skip
    return days


@pytest.mark.parametrize(
    ("first", "values", "days"),
    [
        ("2026-03-30", {"repeats": "daily"}, ["2026-03-31", "2026-04-01", "2026-04-02"]),
        ("2026-03-04", {"repeats": "weekly", "repeat_every": 2}, ["2026-03-18", "2026-04-01", "2026-04-15"]),
        # The last day of shorter months, and the 31st again where there is one.
        ("2026-01-31", {"repeats": "monthly"}, ["2026-02-28", "2026-03-31", "2026-04-30"]),
        ("2026-01-30", {"repeats": "monthly"}, ["2026-02-28", "2026-03-30", "2026-04-30"]),
        ("2026-11-15", {"repeats": "monthly", "repeat_every": 3}, ["2027-02-15", "2027-05-15", "2027-08-15"]),
        ("2028-02-29", {"repeats": "yearly", "repeat_every": 2}, ["2030-02-28", "2032-02-29", "2034-02-28"]),
        ("2026-03-04", {"repeats": "daily", "repeat_until": date(2026, 3, 5)}, ["2026-03-05"]),
    ],
)
def test_when_it_comes_again(first: str, values: dict[str, Any], days: list[str]) -> None:
    task = make.task(due_on=date.fromisoformat(first), **values)

    assert again(task, 3) == days


def test_what_was_missed_is_not_made_up_for() -> None:
    task = make.task(due_on=date(2026, 3, 4), repeats="weekly")

    assert planning.next_day(task, date(2026, 4, 1), Organisation.get().zone) == date(2026, 4, 1)
    assert planning.next_day(task, date(2026, 4, 2), Organisation.get().zone) == date(2026, 4, 8)


def test_moving_the_due_date_moves_what_follows() -> None:
    task = Task.objects.get(pk=make.task(due_on=date(2026, 1, 31), repeats="monthly").pk)

    task.due_on = date(2026, 2, 10)
    task.save()

    assert again(task, 2) == ["2026-03-10", "2026-04-10"]
