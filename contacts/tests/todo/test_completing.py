"""Completing and reopening; a task that repeats is followed once, whoever completes it and however often."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from contacts.models import Task
from contacts.tests import make
from contacts.todo import completing

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_completing_makes_the_next_with_what_the_task_was() -> None:
    ana, mia = make.user(), make.contact()
    task = make.task(
        mia, "Call", assignee=ana, due_at=NOW, priority=3, description="Ask", repeats="weekly", repeat_every=2,
        repeat_until=date(2027, 1, 1), remind_before=30,
    )  # fmt: skip

    assert completing.complete(task, ana, NOW)

    following = Task.objects.get(follows=task)
    assert (following.due_at, following.remind_at) == (NOW + timedelta(days=14), NOW + timedelta(days=14, minutes=-30))
    kept = ("contact", "title", "assignee", "priority", "description", "repeats", "repeat_every", "repeat_until")
    assert [getattr(following, name) for name in kept] == [getattr(task, name) for name in kept]
    assert (following.completed_at, following.repeat_from) == (None, date(2026, 3, 4))
    assert [event.data["task_id"] for event in make.events("task.added")] == [task.pk, following.pk]


@pytest.mark.django_db
def test_a_reminder_at_a_moment_keeps_its_distance() -> None:
    task = make.task(due_at=NOW, repeats="daily", remind_at=NOW - timedelta(hours=2))

    completing.complete(task, None, NOW)

    assert Task.objects.get(follows=task).remind_at == NOW + timedelta(days=1, hours=-2)


@pytest.mark.django_db
def test_reopened_and_completed_again_it_fires_again_and_is_followed_once() -> None:
    task = make.task(due_at=NOW, repeats="daily")

    completing.complete(task, None, NOW)
    assert not completing.complete(task, None, NOW)
    assert completing.reopen(task)
    assert not completing.reopen(task)
    completing.complete(task, None, NOW)

    assert len(make.events("task.completed")) == 2
    assert Task.objects.filter(follows=task).count() == 1
    assert Task.objects.count() == 2


@pytest.mark.django_db
def test_the_last_one_is_followed_by_none() -> None:
    task = make.task(due_at=NOW, repeats="daily", repeat_until=date(2026, 3, 4))

    assert completing.complete(task, None, NOW)

    assert Task.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_complete_at_once_make_one_next() -> None:
    task = make.task(due_at=NOW, repeats="daily")
    start, done = Barrier(4), []

    def click() -> None:
        start.wait()
        done.append(completing.complete(Task.objects.get(pk=task.pk), None, NOW))
        connection.close()

    clicks = [Thread(target=click) for _ in range(4)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()

    assert sorted(done) == [False, False, False, True]
    assert Task.objects.filter(follows=task).count() == 1
