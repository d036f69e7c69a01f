"""task.complete: by title, or all that are open."""

from datetime import timedelta

import pytest

from contacts.models import Task
from contacts.tests import make
from contacts.tests.actions import play

pytestmark = pytest.mark.django_db


def open_titles() -> list[str]:
    return list(Task.objects.filter(completed_at=None).order_by("pk").values_list("title", flat=True))


def test_tasks_with_the_title_are_completed_in_any_case() -> None:
    mia = make.contact()
    first, second = make.task(mia, "Call Mia"), make.task(mia, "CALL MIA")
    make.task(mia, "Write")
    make.task(make.contact(), "Call Mia")

    done = play.perform("task.complete", mia, title="call {{ contact.first_name }}")

    first.refresh_from_db()
    assert (first.completed_at, first.completed_by) == (play.NOW, None)
    assert (done.status, done.summary, done.result) == (
        "done", "Completed 2 tasks.", {"task_ids": [first.pk, second.pk]},
    )  # fmt: skip
    assert open_titles() == ["Write", "Call Mia"]
    assert [event.cause for event in make.events("task.completed")] == [done.key, done.key]


def test_all_open_tasks_are_completed() -> None:
    mia = make.contact()
    make.task(mia, "Call")
    earlier = make.task(mia, "Write", completed_at="2026-03-01T09:00Z")
    make.task(make.contact(), "Call")

    done = play.perform("task.complete", mia, which="all")

    assert done.summary == "Completed 1 task."
    assert open_titles() == ["Call"]
    earlier.refresh_from_db()
    assert earlier.completed_at is not None
    assert earlier.completed_at < play.NOW


@pytest.mark.parametrize("title", ["Write", "{{ contact.website }}"])
def test_without_such_a_task_nothing_is_completed(title: str) -> None:
    mia = make.contact()
    make.task(mia, "Call")

    done = play.perform("task.complete", mia, title=title)

    assert (done.status, done.summary) == ("skipped", "The contact has no such open task.")
    assert open_titles() == ["Call"]
    assert make.events("task.completed") == []


def test_preview() -> None:
    assert play.preview("task.complete", None, which="all") == "Completes all open tasks of the contact."
    assert play.preview("task.complete", None, title="{{ event.body }}") == (
        "Completes the open tasks called “Called back”."
    )


def test_problems() -> None:
    said = "Enter the title of the tasks to complete, or choose all."

    assert play.problems("task.complete", title="Call") == []
    assert play.problems("task.complete", which="all") == []
    assert play.problems("task.complete") == [("", said)]
    assert play.problems("task.complete", title=" ") == [("", said)]


def test_only_somebodys_or_only_overdue_ones() -> None:
    mia, ana = make.contact(), make.user("ana")
    late = {"due_at": play.NOW - timedelta(hours=1)}
    for title, values in (("hers", {"assignee": ana}), ("late", late), ("hers, late", {"assignee": ana, **late})):
        make.task(mia, title, **values)

    play.perform("task.complete", mia, which="all", assignee="ana", overdue_only=True)
    assert completed() == {"hers, late"}

    play.perform("task.complete", mia, which="all", overdue_only=True)
    assert completed() == {"hers, late", "late"}
    assert play.problems("task.complete", which="all", assignee="zoe") == [(".assignee", "There is no user “zoe”.")]


def test_one_that_repeats_is_followed_by_the_next() -> None:
    mia = make.contact()
    task = make.task(mia, "Call", due_at=play.NOW, repeats="weekly")

    done = play.perform("task.complete", mia, title="call")

    assert done.result == {"task_ids": [task.pk]}
    assert Task.objects.get(follows=task).due_at == play.NOW + timedelta(days=7)


def completed() -> set[str]:
    return set(Task.objects.exclude(completed_at=None).values_list("title", flat=True))
