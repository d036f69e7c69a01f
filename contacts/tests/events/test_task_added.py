"""task.added, as it is stored."""

from datetime import UTC, datetime

import pytest

from contacts.tests import make

pytestmark = pytest.mark.django_db


def test_a_task_is_told_with_assignee_and_due_date() -> None:
    ana, mia = make.user("ana"), make.contact()

    task = make.task(mia, "Call", assignee=ana, due_at=datetime(2026, 3, 4, 10, 0, tzinfo=UTC))

    [event] = make.events("task.added")
    assert event.data == {
        "task_id": task.pk, "contact_id": mia.pk, "title": "Call", "assignee_id": ana.pk,
        "due_at": "2026-03-04T10:00:00Z",
    }  # fmt: skip
    assert (event.subject_type, event.subject_id, event.contact_id) == ("contacts.task", task.pk, mia.pk)
    assert event.changes == {}


def test_a_task_about_nobody_for_nobody() -> None:
    task = make.task(None, "Tidy up")

    [event] = make.events("task.added")
    assert event.data == {
        "task_id": task.pk, "contact_id": None, "title": "Tidy up", "assignee_id": None, "due_at": None,
    }  # fmt: skip
    assert event.contact_id is None
