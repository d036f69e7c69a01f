"""A task went from open to completed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from triggers.event_types import Changed, Row, event


@event("task.completed", label=_("Task completed"), section="Contact Events")
class TaskCompleted(Changed, model="contacts.Task", watch=("completed_at",)):
    """A task went from open to completed; completed again after it was reopened, it fires again."""

    task_id: int
    contact_id: int | None
    title: str
    assignee_id: int | None
    completed_by_id: int | None
    due_at: datetime | None
    was_overdue: bool = False

    @classmethod
    def fires(cls, row: Row) -> bool:
        change = row.changes(cls.watch).get("completed_at")
        return change is not None and change["old"] is None and change["new"] is not None

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return {row.pk: {"was_overdue": _was_overdue(row)} for row in rows}


def _was_overdue(row: Row) -> bool:
    due = row.after["due_at"]
    return due is not None and row.after["completed_at"] > due
