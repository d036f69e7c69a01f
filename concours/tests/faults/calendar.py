"""What clocks are given to tell of: birthdays in every zone, dates, and tasks of every minute; and what they told."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from contacts.models import Contact, Task
from contacts.tests import make as contacts
from triggers import scanning
from triggers.models import Event, Workflow
from triggers.tests import make

ZONES = sorted(available_timezones())
AT = "09:00"
BY_CLOCK = ("contact.birthday", "contact.custom_date_reached", "task.reminder_due")


def prepare(start: str, days: int, tasks_every: float) -> None:
    """A contact in each zone, with a birthday within so many days; a task due every so many minutes, through three hours.

    The workflows are live since `start`.
    """
    began = datetime.fromisoformat(start)
    contacts.field("renewal", "date")
    Contact.objects.bulk_create(
        Contact(
            first_name=zone, time_zone=zone, birth_date=date(1990, 1, 1).replace(month=day.month, day=day.day),
            custom_fields={"renewal": day.isoformat()},
        )
        for number, zone in enumerate(ZONES)
        for day in [(began + timedelta(days=number % days)).date()]
    )  # fmt: skip
    whole = timedelta(hours=3) if days == 1 else timedelta(days=days)
    count = int(whole.total_seconds() / 60 / tasks_every)
    for number in range(count):
        due = began + timedelta(minutes=tasks_every) * number + timedelta(seconds=30)
        Task.objects.create(title=str(number), due_at=due)
    zoned = {"timezone": "contact", "at": AT}
    renewal = {**zoned, "field": "custom_fields.renewal"}
    for kind, config in zip(BY_CLOCK, (zoned, renewal, {"when": "on"}), strict=True):
        trigger = {"uid": "t1", "event": kind, "config": config, "conditions": None}
        make.workflow(make.action("a", "run.stop"), name=kind, triggers=[trigger])
    Workflow.objects.update(enabled_at=began)


def expected(start: str, until: str, down: list[list[str]], slack: float) -> dict[str, int]:
    """How many of each type are to be told of: all, but for what lay more than two days back when a clock came again.

    `down` are the spans without any clock; within `slack` minutes around their ends, and before `until`, nothing counts.
    """
    near = timedelta(minutes=slack)
    began, end = datetime.fromisoformat(start), datetime.fromisoformat(until) - near
    spans = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in down]
    gone = [(a - near, b - scanning.CATCH_UP + near) for a, b in spans if b - a > scanning.CATCH_UP]
    counts: Counter[str] = Counter()
    for kind, moment in _moments():
        if began < moment <= end and not any(a < moment <= b for a, b in gone):
            counts[kind] += 1
    return dict(counts)


def told() -> dict[str, Any]:
    """How many events there are by type, and what is told twice by what it says."""
    events = Event.objects.filter(type__in=BY_CLOCK)
    said = Counter((e.type, e.contact_id, e.subject_id, e.occurred_at.isoformat()) for e in events)
    return {"counts": dict(Counter(e.type for e in events)), "twice": [list(k) for k, n in said.items() if n > 1]}


def _moments() -> list[tuple[str, datetime]]:
    """When each occurrence is due, reckoned from the rows alone."""
    found = []
    for zone, renewal in Contact.objects.values_list("time_zone", "custom_fields__renewal"):
        day = date.fromisoformat(renewal)
        moment = datetime.combine(day, datetime.strptime(AT, "%H:%M").time(), ZoneInfo(zone))
        found += [("contact.birthday", moment), ("contact.custom_date_reached", moment)]
    found += [("task.reminder_due", due) for due in Task.objects.values_list("due_at", flat=True) if due]
    return found
