"""When a task is due, when somebody is reminded of it, and when it comes again. Days are the organisation's."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from django.utils.translation import gettext_lazy as _

from triggers.models import Organisation
from triggers.running.windows import local

if TYPE_CHECKING:
    from contacts.models.task import Task

# Reminders of a day without a time count from when people begin to work.
MORNING: Final = "09:00"
# Wider than any task, and narrow enough that no reckoning leaves the calendar.
FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
MOST_BEFORE: Final = 525_600  # a year, in minutes
MOST_EVERY: Final = 1000
FREQUENCIES: Final = {"daily": DAILY, "weekly": WEEKLY, "monthly": MONTHLY, "yearly": YEARLY}


def problems(task: "Task") -> dict[str, Any]:
    """What is wrong with the task's times, by field; brings them in step first."""
    rough = {"due_on": task.due_on, "due_at": task.due_at and task.due_at.date()}
    far = [name for name, day in rough.items() if day is not None and not FIRST_DAY <= day <= LAST_DAY]
    if far:
        return {far[0]: _("Enter a day between 1970 and 2199.")}
    keep_in_step(task)
    found: dict[str, Any] = {}
    day = due_day(task, Organisation.get().zone)
    if task.remind_before is not None and day is None:
        found["remind_before"] = _("A reminder before the task is due needs a due date.")
    elif task.remind_before is not None and task.remind_before > MOST_BEFORE:
        found["remind_before"] = _("Remind at most a year before.")
    if task.repeats and day is None:
        found["repeats"] = _("A task that repeats needs a due date, to count from.")
    if not 1 <= (task.repeat_every or 0) <= MOST_EVERY:
        found["repeat_every"] = _("Enter a whole number from 1 to 1000.")
    if task.repeats and task.repeat_until and day is not None and task.repeat_until < day:
        found["repeat_until"] = _("This is before the task is due.")
    return found


def keep_in_step(task: "Task") -> set[str]:
    """Sets what follows from other fields: the end of the due day, the reminder, the start of the repetition.

    The names of the fields it looked after.
    """
    zone = Organisation.get().zone if task.due_at or task.due_on else None
    if task.due_on is None and _moved(task, "due_on") and not _moved(task, "due_at"):
        task.due_at = None
    elif _moved(task, "due_at") and not _moved(task, "due_on"):
        task.due_on = None
    elif task.due_on is not None and zone is not None:
        task.due_at = end_of(task.due_on, zone)
    if task.remind_before is not None:
        task.remind_at = reminder(task, zone) if zone else None
    elif _moved(task, "remind_before") and not _moved(task, "remind_at"):
        task.remind_at = None
    if _moved(task, "remind_at"):
        task.reminded_at = None
    if not task.repeats:
        task.repeat_from = None
    elif zone and (
        task.repeat_from is None or any(_moved(task, name) for name in ("due_at", "repeats", "repeat_every"))
    ):
        task.repeat_from = due_day(task, zone)
    return {"due_at", "due_on", "remind_at", "reminded_at", "repeat_from"}


def due_day(task: "Task", zone: ZoneInfo) -> date | None:
    """The local day on which the task is due."""
    if task.due_on is not None:
        return task.due_on
    return task.due_at.astimezone(zone).date() if task.due_at else None


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day: from then on a task for that day is overdue."""
    return local(day + timedelta(days=1), "00:00", zone).astimezone(UTC) - timedelta(seconds=1)


def reminder(task: "Task", zone: ZoneInfo) -> datetime | None:
    """`remind_before` minutes before the task is due."""
    if task.remind_before is None or not task.due_at:
        return None
    start = local(task.due_on, MORNING, zone).astimezone(UTC) if task.due_on else task.due_at
    return start - timedelta(minutes=task.remind_before)


def next_day(task: "Task", today: date, zone: ZoneInfo) -> date | None:
    """The day the task is due again: after the one it was due on, and not in the past; None when it ends before.

    Counted from `repeat_from`, so a task for the 31st comes on the last day of shorter months.
    """
    due = due_day(task, zone)
    if not task.repeats or due is None:
        return None
    last = min(task.repeat_until or LAST_DAY, LAST_DAY)
    after = max(due, today - timedelta(days=1))
    found = rule_of(task, due).after(datetime.combine(after, datetime.max.time()))
    return found.date() if found is not None and found.date() <= last else None


def next_due(task: "Task", now: datetime, zone: ZoneInfo) -> dict[str, Any] | None:
    """`due_at` and `due_on` of the task that follows, at the same local time; None when there is none."""
    day = next_day(task, now.astimezone(zone).date(), zone)
    if day is None or task.due_at is None:
        return None
    if task.due_on is not None:
        return {"due_on": day, "due_at": end_of(day, zone)}
    clock = task.due_at.astimezone(zone).time().replace(tzinfo=None)
    return {"due_on": None, "due_at": local(day, clock.isoformat(), zone).astimezone(UTC)}


def rule_of(task: "Task", due: date) -> rrule:
    """The repetition as a recurrence rule (RFC 5545) on days without a zone."""
    start = task.repeat_from or due
    options: dict[str, Any] = {}
    if task.repeats == "monthly" and start.day > 28:
        options = {"bymonthday": range(28, start.day + 1), "bysetpos": -1}
    elif task.repeats == "yearly" and (start.month, start.day) == (2, 29):
        options = {"bymonth": 2, "bymonthday": (28, 29), "bysetpos": -1}
    return rrule(
        FREQUENCIES[task.repeats], dtstart=datetime.combine(start, datetime.min.time()), interval=task.repeat_every,
        until=datetime.combine(LAST_DAY, datetime.min.time()), **options,
    )  # fmt: skip


def _moved(task: "Task", name: str) -> bool:
    """Whether a stored task's field was set to another value."""
    return not task._state.adding and bool(task.loaded(name) != getattr(task, name))
