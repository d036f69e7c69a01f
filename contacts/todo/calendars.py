"""Somebody's tasks as a calendar (iCalendar, RFC 5545), read by calendar programs under a secret address."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, Todo

from contacts.models import CalendarFeed, Task

MOST: Final = 2000
# Tasks that were done stay for this long, so that programs learn of it.
DONE_FOR: Final = timedelta(days=30)
# How long an appointment for a task with a time is drawn.
LENGTH: Final = timedelta(minutes=30)
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
PRIORITIES: Final = {Task.Priority.HIGH: 1, Task.Priority.NORMAL: 5, Task.Priority.LOW: 9}


def make(user: Any) -> str:
    """A new secret token for the user's calendar, told nowhere else; the one before does not work any more."""
    token = secrets.token_urlsafe(24)
    CalendarFeed.objects.update_or_create(user=user, defaults={"token_digest": digest_of(token), "read_at": None})
    return token


def end(user: Any) -> bool:
    """Switches the user's address off; False when there was none."""
    gone, _by_model = CalendarFeed.objects.filter(user=user).delete()
    return bool(gone)


def by_token(token: str) -> CalendarFeed | None:
    """The feed this token opens, while its user may see tasks."""
    feed = CalendarFeed.objects.select_related("user").filter(token_digest=digest_of(token)).first()
    if feed is None or not (feed.user.is_active and feed.user.is_staff and feed.user.has_perm("contacts.view_task")):
        return None
    return feed


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def address(token: str) -> str:
    """The whole address to subscribe to."""
    return settings.PUBLIC_URL + reverse("contacts:calendar", args=[token])


def tasks_of(user: Any, now: datetime) -> list[Task]:
    """The user's tasks with a date: all open ones, and those done of late."""
    wanted = Q(completed_at=None) | Q(completed_at__gte=now - DONE_FOR)
    rows = Task.objects.filter(wanted, assignee=user, due_at__isnull=False).select_related("contact")
    return list(rows.order_by(F("completed_at").asc(nulls_first=True), "due_at", "pk")[:MOST])


def calendar(tasks: Iterable[Task], *, todos: bool = False) -> bytes:
    """The tasks as appointments, which every program shows, or as to-dos. Says the same for the same tasks.

    Appointments leave out what is done; to-dos tell that it is.
    """
    made = Calendar()
    made.add("prodid", "-//Concours//Tasks//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _("My tasks"))
    for task in tasks:
        if todos or task.completed_at is None:
            made.add_component(_todo(task) if todos else _event(task))
    return bytes(made.to_ical())


def _event(task: Task) -> Event:
    item = Event()
    _describe(item, task)
    if task.due_on is not None:
        item.add("dtstart", task.due_on)
        item.add("dtend", task.due_on + timedelta(days=1))
    elif task.due_at is not None:
        item.add("dtstart", task.due_at)
        item.add("dtend", task.due_at + LENGTH)
    item.add("transp", "TRANSPARENT")
    return item


def _todo(task: Task) -> Todo:
    item = Todo()
    _describe(item, task)
    item.add("due", task.due_on or task.due_at)
    item.add("status", "NEEDS-ACTION" if task.completed_at is None else "COMPLETED")
    if task.completed_at is not None:
        item.add("completed", task.completed_at)
    return item


def _describe(item: Any, task: Task) -> None:
    """What appointments and to-dos have in common."""
    page = settings.PUBLIC_URL + reverse("admin:contacts_task_change", args=[task.pk])
    about = str(task.contact) if task.contact else ""
    item.add("uid", f"task-{task.pk}@{urlsplit(settings.PUBLIC_URL).hostname}")
    item.add("dtstamp", task.updated_at)
    item.add("last-modified", task.updated_at)
    item.add("summary", plain(f"{task.title} · {about}" if about else task.title))
    item.add("description", plain("\n\n".join(text for text in (task.description, page) if text)))
    item.add("url", page)
    item.add("priority", PRIORITIES.get(Task.Priority(task.priority), 5))
    if task.remind_at is not None and task.completed_at is None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", plain(task.title))
        # Without it the moment would be read as a span (RFC 5545, 3.8.6.3).
        alarm.add("trigger", task.remind_at, parameters={"VALUE": "DATE-TIME"})
        item.add_component(alarm)


def plain(text: str) -> str:
    """Without the control characters that a text may not hold (RFC 5545, 3.3.11); the library keeps them."""
    return CONTROLS.sub("", text)
