"""Open tasks by when they are due, in the organisation's days: overdue, today, this week, later, without a date."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Task
from triggers.models import Organisation
from triggers.running.windows import local

LABELS: Final = {
    "overdue": _("Overdue"),
    "today": _("Today"),
    "week": _("This week"),
    "later": _("Later"),
    "none": _("No date"),
}


@dataclass
class Group:
    """The tasks of one span of time."""

    key: str
    label: Any
    tasks: list[Task] = field(default_factory=list)


@dataclass(frozen=True)
class Bounds:
    """Where the spans meet: now, the midnight after today, the midnight after Sunday."""

    now: datetime
    tomorrow: datetime
    monday: datetime

    def of(self, due: datetime | None) -> str:
        """The span that a moment lies in."""
        if due is None:
            return "none"
        ends = (("overdue", self.now), ("today", self.tomorrow), ("week", self.monday))
        return next((key for key, end in ends if due < end), "later")

    def within(self, key: str) -> Q:
        """The tasks due in one span, and in no other."""
        spans: dict[str, Q] = {
            "overdue": Q(due_at__lt=self.now),
            "today": Q(due_at__gte=self.now, due_at__lt=self.tomorrow),
            "week": Q(due_at__gte=self.tomorrow, due_at__lt=self.monday),
            "later": Q(due_at__gte=self.monday),
            "none": Q(due_at=None),
        }
        return spans[key]


def bounds(now: datetime | None = None) -> Bounds:
    """The spans as seen at a moment. On Sundays this week has no days left."""
    now, zone = now or timezone.now(), Organisation.get().zone
    today = now.astimezone(zone).date()
    sunday = today + timedelta(days=7 - today.isoweekday())
    return Bounds(
        now, local(today + timedelta(days=1), "00:00", zone), local(sunday + timedelta(days=1), "00:00", zone)
    )


def mine(user_id: int | None) -> QuerySet[Task]:
    """Somebody's open tasks, the most pressing first; those without a date last."""
    rows: QuerySet[Task] = Task.objects.filter(assignee=user_id, completed_at=None).select_related("contact")
    return rows.order_by(F("due_at").asc(nulls_last=True), "-priority", "pk")


def grouped(tasks: Iterable[Task], now: datetime | None = None) -> list[Group]:
    """The tasks by span, in the order of the spans; empty ones are left out."""
    spans, groups = bounds(now), {key: Group(key, label) for key, label in LABELS.items()}
    for task in tasks:
        groups[spans.of(task.due_at)].tasks.append(task)
    return [group for group in groups.values() if group.tasks]
