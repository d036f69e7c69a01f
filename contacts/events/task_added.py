"""A task was created."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from triggers.event_types import Created, event


@event("task.added", label=_("Task added"), section="Contact Events")
class TaskAdded(Created, model="contacts.Task"):
    """A task was created, for a contact or for none."""

    task_id: int
    contact_id: int | None
    title: str
    assignee_id: int | None
    due_at: datetime | None
