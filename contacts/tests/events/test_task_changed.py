"""task.changed, as it is stored."""

from datetime import UTC, datetime

import pytest

from contacts.models import Task
from contacts.tests import make
from triggers.wording import telling

pytestmark = pytest.mark.django_db


def test_a_task_that_changes_hands_is_told_with_both() -> None:
    ana, ben, mia = make.user("ana"), make.user("ben"), make.contact()
    task = make.task(mia, "Call", assignee=ana)

    task.assignee = ben
    task.save()

    [event] = make.events("task.changed")
    assert event.data == {
        "task_id": task.pk, "contact_id": mia.pk, "title": "Call", "assignee_id": ben.pk, "due_at": None, "due_on": None,
        "priority": 2,
    }  # fmt: skip
    assert event.changes == {"assignee": {"old": ana.pk, "new": ben.pk}}
    assert [(change.old, change.new) for change in telling.changes(event)] == [("ana", "ben")]


def test_many_at_once_are_told_one_by_one() -> None:
    tasks = [make.task(make.contact(), title) for title in ("Call", "Write")]

    Task.objects.update(due_at=datetime(2026, 3, 4, 10, 0, tzinfo=UTC))

    assert sorted(event.subject_id for event in make.events("task.changed")) == [task.pk for task in tasks]


def test_completing_a_task_or_editing_one_that_is_done_is_no_change() -> None:
    task = make.task(make.contact(), "Call")

    task.completed_at, task.title = datetime(2026, 3, 4, 10, 0, tzinfo=UTC), "Called"
    task.save()
    task.priority = Task.Priority.HIGH
    task.save()

    assert make.events("task.changed") == []
