"""A task went from open to completed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.task_events import AssigneeOptions, narrow, texts_of
from triggers.event_types import Changed, Row, event


@event("task.completed", label=_("Task completed"), section="Contact Events")
class TaskCompleted(Changed, model="contacts.Task", watch=("completed_at",)):
    """A task went from open to completed; completed again after it was reopened, it fires again."""

    Options = AssigneeOptions

    task_id: int
    contact_id: int | None
    title: str
    details: str = ""
    assignee_id: int | None
    assignee: str | None = None
    completed_by_id: int | None
    due_at: datetime | None
    due_on: date | None = None
    priority: int = 2
    repeats: str = ""
    was_overdue: bool = False

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        change = changes.get("completed_at")
        return change is not None and change["old"] is None and change["new"] is not None

    @classmethod
    def columns(cls) -> set[str]:
        return super().columns() | {"description"}

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        texts = texts_of(rows)
        return {row.pk: texts[row.pk] | {"was_overdue": _was_overdue(row)} for row in rows}

    @classmethod
    def narrow(cls, options: AssigneeOptions) -> dict[str, Any] | None:
        return narrow(options)


def _was_overdue(row: Row) -> bool:
    due = row.after["due_at"]
    return due is not None and row.after["completed_at"] > due
