"""When a task is due, for templates."""

from typing import Any

from django import template

from contacts.models import Task
from triggers.wording import moments

register = template.Library()


@register.simple_tag
def due(task: Task) -> Any:
    """Short, with the exact moment to point at; a day without a time as that day."""
    return moments.shown_day(task.due_on) if task.due_on else moments.shown(task.due_at)
