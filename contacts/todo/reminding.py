"""Reminders of open tasks: a notice to whoever has the task, once for each moment it is set to.

`reminded_at` says that it was told; moving the reminder clears it. What nobody looked at for two days, after an
outage, is past reminding of.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from contacts.models import Task
from triggers.models import Notice, Organisation
from triggers.models.event import Lane

BATCH: Final = 200
CATCH_UP: Final = timedelta(hours=48)


def due_lanes(now: datetime) -> set[Lane]:
    """The lane of people's own acts, where somebody is to be reminded."""
    return {Lane.FAST} if _due(now).exists() else set()


def work(_lane: Lane, now: datetime) -> int:
    return remind(now)


@transaction.atomic
def remind(now: datetime) -> int:
    """Writes the notices of one batch of reminders that are due; how many."""
    rows = _due(now).select_for_update(of=("self",), skip_locked=True).select_related("contact")
    tasks = list(rows.order_by("remind_at")[:BATCH])
    Notice.objects.bulk_create([_notice(task, now) for task in tasks], ignore_conflicts=True)
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update_untold(reminded_at=now)
    return len(tasks)


def link_to(task: int) -> str:
    """Where the notice leads."""
    return reverse("admin:contacts_task_change", args=[task])


def said(task: Task) -> str:
    """Call back · Mia Berg, due 4 March, 15:00."""
    what = f"{task.title} · {task.contact}" if task.contact else task.title
    if task.due_on is not None:
        return _("%(what)s, due %(day)s") % {"what": what, "day": formats.date_format(task.due_on, "MONTH_DAY_FORMAT")}
    if task.due_at is not None:
        local = task.due_at.astimezone(Organisation.get().zone)
        moment = f"{formats.date_format(local, 'MONTH_DAY_FORMAT')}, {formats.date_format(local, 'TIME_FORMAT')}"
        return _("%(what)s, due %(moment)s") % {"what": what, "moment": moment}
    return _("Reminder: %(what)s") % {"what": what}


def _due(now: datetime) -> "QuerySet[Task]":
    open_and_untold = Task.objects.filter(completed_at=None, remind_at__isnull=False, reminded_at=None)
    due: QuerySet[Task] = open_and_untold.filter(
        remind_at__lte=now, remind_at__gt=now - CATCH_UP, assignee__is_active=True
    )
    return due


def _notice(task: Task, now: datetime) -> Notice:
    assert task.assignee_id is not None
    assert task.remind_at is not None
    key = f"task:{task.pk}:{task.assignee_id}:{task.remind_at.isoformat()}"
    return Notice(user_id=task.assignee_id, text=said(task), link=link_to(task.pk), created_at=now, key=key)
