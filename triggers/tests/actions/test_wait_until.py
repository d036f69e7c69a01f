"""wait.until: a date, a date field with an offset, or the next weekday and time, in the workflow's zone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from triggers import sweeping
from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db
# A Wednesday, 11:00 in Berlin.
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
BERLIN = {"timezone": "Europe/Berlin"}


def waits(
    who: Any = None, settings: dict[str, Any] = BERLIN, now: datetime = NOW, **config: Any
) -> tuple[str, Any, str]:
    """State of the run, when it wakes, and what is said."""
    run = play.start(make.action("a1", "wait.until", **config), who=who, now=now, **settings)
    return run.status, run.due_at, run.actions.get().summary


@pytest.mark.parametrize(
    ("config", "moment", "said"),
    [
        ({"date": "2026-03-06"}, datetime(2026, 3, 5, 23, 0), "Waits until Fri 6 Mar 2026, 00:00."),
        ({"date": "2026-03-04", "at": "11:01"}, datetime(2026, 3, 4, 10, 1), "Waits until Wed 4 Mar 2026, 11:01."),
        ({"at": "11:01"}, datetime(2026, 3, 4, 10, 1), "Waits until Wed 4 Mar 2026, 11:01."),
        # 11:00 is now, so the next one is tomorrow's
        ({"at": "11:00"}, datetime(2026, 3, 5, 10, 0), "Waits until Thu 5 Mar 2026, 11:00."),
        ({"weekdays": [3], "at": "11:00"}, datetime(2026, 3, 11, 10, 0), "Waits until Wed 11 Mar 2026, 11:00."),
        ({"weekdays": [1, 5], "at": "09:00"}, datetime(2026, 3, 6, 8, 0), "Waits until Fri 6 Mar 2026, 09:00."),
        ({"weekdays": [7]}, datetime(2026, 3, 7, 23, 0), "Waits until Sun 8 Mar 2026, 00:00."),
    ],
)
def test_it_waits_until_a_moment(config: dict[str, Any], moment: datetime, said: str) -> None:
    assert waits(**config) == ("waiting", moment.replace(tzinfo=UTC), said)


@pytest.mark.parametrize("config", [{"date": "2026-03-04"}, {"date": "2026-03-04", "at": "11:00"}])
def test_a_moment_that_has_passed_does_not_wait(config: dict[str, Any]) -> None:
    assert waits(**config) == ("done", None, "That moment has passed; went on at once.")


@pytest.mark.parametrize(
    ("config", "moment"),
    [
        ({}, datetime(2026, 5, 3, 22, 0)),
        ({"at": "09:00"}, datetime(2026, 5, 4, 7, 0)),
        ({"offset_days": 3, "direction": "before", "at": "09:00"}, datetime(2026, 5, 1, 7, 0)),
        ({"offset_days": 3}, datetime(2026, 5, 6, 22, 0)),
    ],
)
def test_a_date_field_with_an_offset(config: dict[str, Any], moment: datetime) -> None:
    born = make.contact(birth_date=date(2026, 5, 4))

    status, due, _said = waits(born, field="contact.birth_date", **config)

    assert (status, due) == ("waiting", moment.replace(tzinfo=UTC))


def test_a_moment_field_keeps_its_own_time() -> None:
    node = make.action("a1", "wait.until", field="event.due_at", offset_days=1, direction="before")
    flow = make.workflow(node, triggers=[{**make.TAGGED, "event": "task.added"}], **BERLIN)
    make.contact().tasks.create(title="Call", due_at=datetime(2026, 3, 9, 15, 30, tzinfo=UTC))

    sweeping.drain(NOW)

    [run] = make.runs(flow)
    assert run.due_at == datetime(2026, 3, 8, 15, 30, tzinfo=UTC)


def test_an_empty_field_does_not_wait() -> None:
    assert waits(field="contact.birth_date") == ("done", None, "“contact.birth_date” is empty; went on at once.")


def test_the_contacts_own_zone_counts_where_the_workflow_asks_for_it() -> None:
    far = make.contact(time_zone="America/New_York")

    _status, due, said = waits(far, {"timezone": "contact"}, at="11:00")

    assert (due, said) == (datetime(2026, 3, 4, 16, 0, tzinfo=UTC), "Waits until Wed 4 Mar 2026, 11:00.")


def test_a_dry_run_says_until_when() -> None:
    steps = play.rehearse(
        make.action("a1", "wait.until", date="2026-03-06", at="09:00"), make.action("a2", "run.stop"), now=NOW, **BERLIN
    )

    assert steps[0].text == "Waits until Fri 6 Mar 2026, 09:00."
    assert steps[1].at == datetime(2026, 3, 6, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({}, "Say until when: a date, a date field, weekdays, or a time."),
        ({"date": "2026-02-30"}, "There is no such date; enter one such as 2026-12-24."),
        ({"date": "2026-03-06", "field": "contact.birth_date"}, "Say either a date or a date field."),
        ({"weekdays": [0, 8]}, "Weekdays are numbers from 1 (Monday) to 7 (Sunday)."),
    ],
)
def test_problems(config: dict[str, Any], message: str) -> None:
    assert play.problems("wait.until", **config) == [("actions[0].config", message)]
