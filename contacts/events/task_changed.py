"""A task that is still open got another title, assignee, due date or priority."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from triggers.event_types import Changed, Row, event


@event("task.changed", label=_("Task changed"), section="Contact Events")
class TaskChanged(Changed, model="contacts.Task", watch=("title", "assignee", "due_at", "due_on", "priority")):
    """An open task got another title, assignee, due date or priority; each is told with its old and new value."""

    task_id: int
    contact_id: int | None
    title: str
    assignee_id: int | None
    due_at: datetime | None
    due_on: date | None = None
    priority: int = 2

    @classmethod
    def columns(cls) -> set[str]:
        return super().columns() | {"completed_at"}

    @classmethod
    def fires(cls, row: Row, changes: dict[str, dict[str, Any]]) -> bool:
        return bool(changes) and row.after["completed_at"] is None
