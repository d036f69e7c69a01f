"""Completing tasks and taking that back. A task that repeats is followed by the next, in the same transaction."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts.models import Task
from contacts.todo import planning
from triggers.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# What the next task of a repetition takes over.
KEPT = (
    "contact_id", "title", "description", "assignee_id", "priority", "remind_before", "repeats", "repeat_every",
    "repeat_until", "repeat_from",
)  # fmt: skip


@transaction.atomic
def complete(task: Task, by: "User | None", now: datetime | None = None) -> bool:
    """Marks the task as done by somebody, or by no person; False when it was done already."""
    now = now or timezone.now()
    _lock(task)
    if task.completed_at is not None:
        return False
    task.completed_at, task.completed_by = now, by
    task.save()
    follow(task, now)
    return True


@transaction.atomic
def reopen(task: Task) -> bool:
    """Takes the completion back; False when the task is open. The one that followed it stays."""
    _lock(task)
    if task.completed_at is None:
        return False
    task.completed_at = task.completed_by = None
    task.save()
    return True


def follow(task: Task, now: datetime) -> Task | None:
    """Makes the task that comes after this one; None when it does not repeat, or was followed already."""
    due = planning.next_due(task, now, Organisation.get().zone)
    if due is None:
        return None
    values = {name: getattr(task, name) for name in KEPT}
    if task.remind_before is None and task.remind_at is not None and task.due_at is not None:
        values["remind_at"] = task.remind_at + (due["due_at"] - task.due_at)
    try:
        with transaction.atomic():
            made: Task = Task.objects.create(**values, **due, follows=task)
            return made
    except IntegrityError:
        if Task.objects.filter(follows=task).exists():
            return None
        raise


def _lock(task: Task) -> None:
    task.refresh_from_db(from_queryset=Task.objects.select_for_update())
