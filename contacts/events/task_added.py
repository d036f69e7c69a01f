"""A task was created."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.task_events import AssigneeOptions, narrow, texts_of
from triggers.event_types import Created, Row, event


@event("task.added", label=_("Task added"), section="Contact Events")
class TaskAdded(Created, model="contacts.Task"):
    """A task was created, for a contact or for none."""

    Options = AssigneeOptions

    task_id: int
    contact_id: int | None
    title: str
    details: str = ""
    assignee_id: int | None
    assignee: str | None = None
    due_at: datetime | None
    due_on: date | None = None
    priority: int = 2
    repeats: str = ""

    @classmethod
    def columns(cls) -> set[str]:
        return super().columns() | {"description"}

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        return texts_of(rows)

    @classmethod
    def narrow(cls, options: AssigneeOptions) -> dict[str, Any] | None:
        return narrow(options)
