"""task.completed, as it is stored."""

from datetime import UTC, datetime

import pytest

from contacts import services
from contacts.models import Task
from contacts.tests import make
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)


def test_a_completed_task_is_told_with_who_did_it_and_that_it_was_late() -> None:
    ana, mia = make.user("ana"), make.contact()
    task = make.task(mia, "Call", assignee=ana, due_at=DUE)

    services.complete_task(task, ana, LATER)

    [event] = make.events("task.completed")
    assert event.data == {
        "task_id": task.pk, "contact_id": mia.pk, "title": "Call", "assignee_id": ana.pk,
        "completed_by_id": ana.pk, "due_at": "2026-03-04T10:00:00Z", "was_overdue": True,
        "due_on": None, "priority": 2, "repeats": "", "details": "", "assignee": "ana",
    }  # fmt: skip
    assert event.changes == {"completed_at": {"old": None, "new": "2026-03-04T11:00:00Z"}}
    assert (event.subject_type, event.subject_id, event.contact_id) == ("contacts.task", task.pk, mia.pk)


@pytest.mark.parametrize("due", [DUE, None])
def test_a_task_done_in_time_or_without_due_date_was_not_overdue(due: datetime | None) -> None:
    task = make.task(None, due_at=due)

    services.complete_task(task, None, DUE)

    [event] = make.events("task.completed")
    assert event.data == {
        "task_id": task.pk, "contact_id": None, "title": "Call", "assignee_id": None, "completed_by_id": None,
        "due_at": due and "2026-03-04T10:00:00Z", "was_overdue": False, "due_on": None, "priority": 2, "repeats": "",
        "details": "", "assignee": None,
    }  # fmt: skip


def test_reopening_fires_nothing_and_completing_again_fires_again() -> None:
    task = make.task(None)
    services.complete_task(task, None, DUE)

    task.completed_at = None
    task.save()
    reopened = len(make.events("task.completed"))
    services.complete_task(task, None, LATER)

    assert reopened == 1
    assert len(make.events("task.completed")) == 2


def test_correcting_the_moment_of_completion_fires_nothing() -> None:
    task = make.task(None)
    services.complete_task(task, None, DUE)

    task.completed_at = LATER
    task.save()

    assert len(make.events("task.completed")) == 1


def test_tasks_completed_in_bulk_are_each_told() -> None:
    make.task(None, "Call", due_at=DUE)
    make.task(None, "Write")

    Task.objects.update(completed_at=LATER)

    told = [(event.data["title"], event.data["was_overdue"]) for event in make.events("task.completed")]
    assert told == [("Call", True), ("Write", False)]


def test_it_starts_a_workflow() -> None:
    flow, mia = engine.on("task.completed"), make.contact()

    services.complete_task(make.task(mia), None, DUE)

    assert engine.ran(flow) == [mia.pk]
