"""Open tasks by when they are due, in the organisation's days."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model

from contacts.models import Task
from contacts.tests import make
from contacts.todo import agenda
from triggers.models import Organisation

pytestmark = pytest.mark.django_db
# A Wednesday evening in Auckland, still the morning in UTC
NOW = datetime(2026, 3, 4, 7, 0, tzinfo=UTC)


def due(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_days_and_weeks_are_those_of_the_organisation() -> None:
    Organisation.objects.create(time_zone="Pacific/Auckland")
    ana = make.user()
    for title, moment in (
        ("late", "2026-03-04 06:59"), ("tonight", "2026-03-04 10:59"), ("tomorrow", "2026-03-04 11:00"),
        ("sunday", "2026-03-08 10:59"), ("monday", "2026-03-08 11:00"), ("never", ""),
    ):  # fmt: skip
        make.task(None, title, assignee=ana, due_at=due(moment) if moment else None)
    make.task(None, "done", assignee=ana, completed_at=NOW)
    make.task(None, "other's", assignee=make.user("ben"))

    groups = agenda.grouped(agenda.mine(ana.pk), NOW)

    assert {group.key: [task.title for task in group.tasks] for group in groups} == {
        "overdue": ["late"], "today": ["tonight"], "week": ["tomorrow", "sunday"], "later": ["monday"],
        "none": ["never"],
    }  # fmt: skip


def test_each_task_is_in_one_span_and_the_database_agrees() -> None:
    spans = agenda.bounds(NOW)
    for hours in range(-30, 300, 7):
        make.task(None, due_at=datetime.fromtimestamp(NOW.timestamp() + hours * 3600, UTC))
    make.task(None)

    found = {key: set(Task.objects.filter(spans.within(key)).values_list("pk", flat=True)) for key in agenda.LABELS}

    assert sum(len(pks) for pks in found.values()) == Task.objects.count()
    for task in Task.objects.all():
        assert task.pk in found[spans.of(task.due_at)]


def test_the_most_pressing_come_first() -> None:
    make.user("ana")
    ana = get_user_model().objects.get()
    make.task(None, "someday", assignee=ana)
    make.task(None, "normal", assignee=ana, due_at=NOW)
    make.task(None, "urgent", assignee=ana, due_at=NOW, priority=3)

    assert [task.title for task in agenda.mine(ana.pk)] == ["urgent", "normal", "someday"]
