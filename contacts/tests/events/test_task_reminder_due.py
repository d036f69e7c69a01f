"""task.reminder_due: before, on and after the due time, once for each due time, and only while open."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from contacts.events.task_reminder_due import Reminder
from contacts.tests import make
from triggers import scanning
from triggers.models import Organisation, Workflow
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
# a Wednesday
DUE = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
START = DUE - timedelta(days=30)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def remind(**config: Any) -> Workflow:
    """A workflow that waits for reminders, live since long before."""
    trigger = {"uid": "t1", "event": "task.reminder_due", "config": config, "conditions": None}
    flow = engine.workflow(engine.action("a1", "run.stop"), triggers=[trigger])
    Workflow.objects.update(enabled_at=START)
    return flow


def told(*moments: datetime) -> list[datetime]:
    """Scans at these moments; when the events say that they happened."""
    for moment in moments:
        scanning.scan("task.reminder_due", moment)
    return [event.occurred_at for event in make.events("task.reminder_due")]


@pytest.mark.parametrize(
    ("config", "moment"),
    [
        ({"when": "before", "amount": 30, "unit": "minutes"}, "2026-03-04 10:30"),
        ({"when": "before", "amount": 2, "unit": "hours"}, "2026-03-04 09:00"),
        ({"when": "on"}, "2026-03-04 11:00"),
        ({"when": "after", "amount": 1, "unit": "hours"}, "2026-03-04 12:00"),
        ({"when": "before", "amount": 1, "unit": "days"}, "2026-03-03 11:00"),
        ({"when": "after", "amount": 2, "unit": "days", "at": "08:15"}, "2026-03-06 08:15"),
        # Saturday: the Friday before; after the due time, the Monday that follows
        ({"when": "before", "amount": 4, "unit": "days", "not_on_weekends": True}, "2026-02-27 11:00"),
        ({"when": "after", "amount": 3, "unit": "days", "not_on_weekends": True}, "2026-03-09 11:00"),
        # summer time begins in between: days keep the clock, hours do not
        ({"when": "after", "amount": 26, "unit": "days"}, "2026-03-30 11:00"),
        ({"when": "after", "amount": 624, "unit": "hours"}, "2026-03-30 12:00"),
    ],
)
def test_the_moment(config: dict[str, Any], moment: str) -> None:
    Organisation.objects.create(time_zone="Europe/Berlin")
    make.task(make.contact(), due_at=DUE)
    remind(**config)
    at = berlin(moment)

    assert told(at - timedelta(minutes=1)) == []
    assert told(at, at + timedelta(minutes=1), at + timedelta(minutes=9)) == [at]


def test_the_payload_says_how_it_stands() -> None:
    ana, mia = make.user("ana"), make.contact()
    task = make.task(mia, "Call", assignee=ana, due_at=DUE)
    flow = remind(when="after", amount=90, unit="minutes")

    told(DUE + timedelta(hours=2))

    [event] = make.events("task.reminder_due")
    assert event.data == {
        "task_id": task.pk, "contact_id": mia.pk, "title": "Call", "assignee_id": ana.pk, "priority": 2,
        "due_at": "2026-03-04T10:00:00Z", "minutes_left": -90, "is_overdue": True,
    }  # fmt: skip
    assert (event.actor, event.subject_type, event.subject_id, event.contact_id) == (
        "clock", "contacts.task", task.pk, mia.pk,
    )  # fmt: skip
    assert (event.only_workflow, event.only_trigger) == (flow.pk, "t1")


def test_a_completed_task_reminds_nobody_and_a_task_without_a_date_neither() -> None:
    make.task(make.contact(), due_at=DUE, completed_at=START)
    make.task(make.contact())
    remind(when="on")

    assert told(DUE + timedelta(minutes=1)) == []


def test_moved_to_another_time_it_is_told_of_again() -> None:
    task = make.task(make.contact(), due_at=DUE)
    remind(when="on")
    later = DUE + timedelta(days=1)

    told(DUE)
    task.due_at = later
    task.save()

    assert told(DUE + timedelta(minutes=1), later, later + timedelta(minutes=1)) == [DUE, later]


@pytest.mark.parametrize(
    ("config", "place", "message"),
    [
        ({"when": "before", "amount": 0}, (), "Enter how many, or choose “on” for the due time itself."),
        ({"unit": "hours", "at": "09:00"}, (), "A time of day goes with days only."),
        ({"at": "25:00"}, ("at",), "String should match pattern"),
        ({"amount": -1}, ("amount",), "greater than or equal to 0"),
    ],
)
def test_what_makes_no_sense_is_refused(config: dict[str, Any], place: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Reminder.model_validate(config)

    [error] = refused.value.errors()
    assert error["loc"] == place
    assert message in error["msg"]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, "1 day before it is due"),
        ({"when": "on"}, "when it is due"),
        ({"when": "on", "at": "08:00"}, "on the day it is due, at 08:00"),
        ({"amount": 15, "unit": "minutes"}, "15 minutes before it is due"),
        ({"when": "after", "amount": 2, "unit": "hours", "not_on_weekends": True},
         "2 hours after it was due, not on weekends"),
        ({"when": "after", "amount": 3, "at": "08:15"}, "3 days after it was due, at 08:15"),
    ],
)  # fmt: skip
def test_its_options_in_words(config: dict[str, Any], words: str) -> None:
    assert Reminder(**config).in_words() == words
