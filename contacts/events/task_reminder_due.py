"""A task is about to be due, is due, or has been due for so long."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, model_validator

from contacts.dates.timing import CLOCK
from contacts.models import Task
from triggers.actions.wait_duration import span_in_words
from triggers.event_types import Due, Occurrence, Options, event
from triggers.running.windows import local

# How far a time of day, a change to summer time, and a weekend may move the moment.
CLOCK_SLACK, ZONE_SLACK, WEEKEND_SLACK = timedelta(days=1), timedelta(hours=2), timedelta(days=3)


class Reminder(Options):
    """How long before or after a task's due time, and whether weekends count."""

    when: Literal["before", "on", "after"] = Field(
        "before",
        title=gettext_noop("Before or after it is due"),
        json_schema_extra={
            "labels": {
                "before": gettext_noop("Before"),
                "on": gettext_noop("When it is due"),
                "after": gettext_noop("After"),
            }
        },
    )
    amount: int = Field(default=1, ge=0, le=1000, title=gettext_noop("How many"))
    unit: Literal["minutes", "hours", "days"] = Field(
        "days",
        title=gettext_noop("Counted in"),
        json_schema_extra={
            "labels": {"minutes": gettext_noop("Minutes"), "hours": gettext_noop("Hours"), "days": gettext_noop("Days")}
        },
    )
    at: str = Field(default="", pattern=f"^$|{CLOCK}", title=gettext_noop("At"))
    not_on_weekends: bool = Field(False, title=gettext_noop("Not on Saturday and Sunday"))

    @model_validator(mode="after")
    def _makes_sense(self) -> "Reminder":
        if self.when != "on" and not self.amount:
            raise ValueError(_("Enter how many, or choose “on” for the due time itself."))
        if self.at and self.unit != "days":
            raise ValueError(_("A time of day goes with days only."))
        return self

    def in_words(self) -> str:
        """Such as: 1 day before it is due, at 09:00, not on weekends."""
        span = span_in_words(timedelta(**{self.unit: self.amount}))
        said = {
            "before": _("%(span)s before it is due") % {"span": span},
            "on": _("on the day it is due") if self.at else _("when it is due"),
            "after": _("%(span)s after it was due") % {"span": span},
        }[self.when]
        clock = _("at %(time)s") % {"time": self.at} if self.at else ""
        return ", ".join(filter(None, (said, clock, _("not on weekends") if self.not_on_weekends else "")))

    def moment(self, due: datetime, zone: ZoneInfo) -> datetime:
        """When to remind of a task due at `due`; days keep the local clock time, or end at `at`."""
        sign = {"before": -1, "on": 0, "after": 1}[self.when]
        if self.unit != "days":
            moment = due + sign * timedelta(**{self.unit: self.amount})
        else:
            here = due.astimezone(zone)
            clock = self.at or here.time().replace(tzinfo=None).isoformat()
            moment = local(here.date() + sign * timedelta(days=self.amount), clock, zone)
        return self._on_a_workday(moment.astimezone(zone), zone).astimezone(UTC)

    def _on_a_workday(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Moved off the weekend: to the Friday before, or to Monday for a reminder after the due time."""
        over = moment.isoweekday() - 5
        if not self.not_on_weekends or over <= 0:
            return moment
        day = moment.date() + timedelta(days=3 - over if self.when == "after" else -over)
        return local(day, moment.time().replace(tzinfo=None).isoformat(), zone)

    def span(self, since: datetime, until: datetime) -> tuple[datetime, datetime]:
        """Between which due times lies every task whose moment is in the window."""
        sign = {"before": 1, "on": 0, "after": -1}[self.when]
        shift = sign * timedelta(**{self.unit: self.amount})
        slack = CLOCK_SLACK if self.at else timedelta(0)
        slack += ZONE_SLACK if self.unit == "days" else timedelta(0)
        slack += WEEKEND_SLACK if self.not_on_weekends else timedelta(0)
        return since + shift - slack, until + shift + slack


@event("task.reminder_due", label=gettext_lazy("Task reminder due"), section="Contact Events")
class TaskReminderDue(Due):
    """An open task is so long before or after its due time. Once for each due time: moved, it is told again.

    `minutes_left` until it is due is negative once it is overdue.
    """

    Options = Reminder

    task_id: int
    contact_id: int | None
    title: str
    assignee_id: int | None
    priority: int
    due_at: datetime
    minutes_left: int
    is_overdue: bool

    def subject(self) -> tuple[str, int | None]:
        return "contacts.task", self.task_id

    @classmethod
    def due(cls, options: Reminder, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        for task in Task.objects.filter(completed_at=None, due_at__range=options.span(since, until)):
            assert task.due_at is not None
            moment = options.moment(task.due_at, zone)
            if since < moment <= until:
                yield Occurrence(cls._of(task, moment), moment, f"{task.pk}:{task.due_at.isoformat()}")

    @classmethod
    def _of(cls, task: Task, moment: datetime) -> "TaskReminderDue":
        assert task.due_at is not None
        left = task.due_at - moment
        return cls(
            task_id=task.pk, contact_id=task.contact_id, title=task.title, assignee_id=task.assignee_id,
            priority=task.priority, due_at=task.due_at, minutes_left=int(left.total_seconds() // 60),
            is_overdue=left < timedelta(0),
        )  # fmt: skip
