"""wait.for_event: heard, timed out, and what may be waited for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts.models import Task
from triggers import poke, sweeping
from triggers.matching import match
from triggers.models import Listener, Run
from triggers.models.event import Lane
from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def node(**config: Any) -> dict[str, Any]:
    return {
        **make.action("w", "wait.for_event", **{"event": "note.added", "days": 1, "hours": 2, "minutes": 3, **config}),
        "outcomes": {
            "happened": [make.action("yes", "data.set", values={"heard": "{{ actions.w.event_id }}"})],
            "timeout": [make.action("no", "run.stop", reason="Silence.")],
        },
    }


def test_it_listens_for_as_long_as_it_says() -> None:
    anna = make.contact()

    run = play.start(node(), who=anna, now=NOW)

    listener = Listener.objects.get()
    assert (run.status, run.due_at) == ("waiting", NOW + timedelta(days=1, hours=2, minutes=3))
    assert (listener.run_id, listener.uid, listener.kind, listener.event_type, listener.contact_id) == (
        run.pk, "w", "wait", "note.added", anna.pk,
    )  # fmt: skip
    assert run.actions.get().summary == "Waits for “Note added”, 1 day 2 hours 3 minutes at most."


def test_the_event_takes_the_way_of_happened() -> None:
    anna = make.contact()
    run = play.start(node(), who=anna)

    anna.notes.create(body="hello")
    sweeping.drain()

    run.refresh_from_db()
    assert (run.status, make.trail(run)) == ("done", [("w", "done"), ("yes", "done")])
    assert run.vars["heard"] == make.last_event("note.added").pk


def test_another_contacts_event_and_one_that_does_not_meet_the_conditions_are_not_heard() -> None:
    anna = make.contact()
    run = play.start(node(conditions={"field": "event.body", "op": "contains", "value": "yes"}), who=anna)

    make.contact(first_name="Ben").notes.create(body="yes")
    anna.notes.create(body="no")
    sweeping.drain()

    run.refresh_from_db()
    assert run.status == "waiting"


def test_time_takes_the_way_of_timeout() -> None:
    run = play.start(node(), now=NOW)

    sweeping.drain(NOW + timedelta(days=2))

    run.refresh_from_db()
    assert (run.reason, make.trail(run), Listener.objects.count()) == ("Silence.", [("w", "done"), ("no", "done")], 0)


def test_a_run_without_a_contact_fails_and_says_what_to_do() -> None:
    flow = make.workflow(node(), triggers=[{**make.TAGGED, "event": "task.added"}])
    Task.objects.create(title="Nobody's")
    sweeping.drain()

    [run] = make.runs(flow)
    assert (run.status, run.reason) == (
        "failed", "This run has no contact. Find or create one earlier in the workflow.",
    )  # fmt: skip


def test_a_dry_run_takes_the_timeout() -> None:
    steps = play.rehearse(node(), now=NOW)

    assert [(step.uid, step.outcome) for step in steps] == [("w", "timeout"), ("no", "")]
    assert steps[0].text == "Waits for “Note added”, 1 day 2 hours 3 minutes at most."


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"event": "note.added", "days": 1}, []),
        ({"event": "note.added"}, [("actions[0].config", "Say how long to wait at most, for example 2 days.")]),
        ({"event": "note.nothing", "days": 1}, [("event", "There is no event “note.nothing”.")]),
    ],
)
def test_problems(config: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert play.problems("wait.for_event", **config) == found


def test_conditions_are_checked_against_the_event_waited_for() -> None:
    asked = {"field": "event.tag", "op": "is", "value": "VIP"}

    found = play.problems("wait.for_event", event="note.added", days=1, conditions=asked)

    assert [path for path, _why in found] == ["conditions.field"]
    assert play.problems("wait.for_event", event="contact.tag_removed", days=1, conditions=asked) == []


def test_a_run_in_bulk_that_is_woken_calls_up_its_own_workers(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    anna = make.contact()
    run = play.start(node(), who=anna)
    Run.objects.filter(pk=run.pk).update(lane=Lane.BULK)
    anna.notes.create(body="hello")
    settings.CONCOURS_POKE = True

    with django_capture_on_commit_callbacks() as waiting:
        match.match_due()

    assert poke._asking(poke.TASKS[Lane.BULK]) in waiting
