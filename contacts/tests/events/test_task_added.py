"""task.added, as it is stored."""

from datetime import UTC, datetime

import pytest

from contacts.tests import make
from contacts.tests.events.narrowing import refused, starts

pytestmark = pytest.mark.django_db


def test_a_task_is_told_with_assignee_and_due_date() -> None:
    ana, mia = make.user("ana"), make.contact()

    task = make.task(mia, "Call", description="She asked", assignee=ana, due_at=datetime(2026, 3, 4, 10, 0, tzinfo=UTC))

    [event] = make.events("task.added")
    assert event.data == {
        "task_id": task.pk, "contact_id": mia.pk, "title": "Call", "assignee_id": ana.pk,
        "due_at": "2026-03-04T10:00:00Z", "due_on": None, "priority": 2, "repeats": "", "details": "She asked",
        "assignee": "ana",
    }  # fmt: skip
    assert (event.subject_type, event.subject_id, event.contact_id) == ("contacts.task", task.pk, mia.pk)
    assert event.changes == {}


def test_a_task_about_nobody_for_nobody() -> None:
    task = make.task(None, "Tidy up")

    [event] = make.events("task.added")
    assert event.data == {
        "task_id": task.pk, "contact_id": None, "title": "Tidy up", "assignee_id": None, "due_at": None,
        "due_on": None, "priority": 2, "repeats": "", "details": "", "assignee": None,
    }  # fmt: skip
    assert event.contact_id is None


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, [True, True, True]),
        ({"assigned": "is", "users": ["ana", "zoe"]}, [True, False, False]),
        ({"assigned": "is_not", "users": ["ana"]}, [False, True, True]),
        ({"assigned": "empty"}, [False, False, True]),
        ({"assigned": "not_empty"}, [True, True, False]),
    ],
)
def test_it_is_narrowed_by_the_assigned_user(config: dict[str, object], expected: list[bool]) -> None:
    for user in (make.user("ana"), make.user("ben"), None):
        make.task(None, assignee=user)

    assert [starts(event, **config) for event in make.events("task.added")] == expected


def test_users_are_named_where_they_are_asked_for() -> None:
    assert refused("task.added", assigned="is") == [("users",)]
    assert refused("task.added", users=["ana"]) == [("users",)]
