"""goal: jumped to when it happens, passed or the end when it does not."""

from typing import Any

import pytest

from triggers import sweeping
from triggers.models import Listener
from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db
GOAL = make.action("g", "goal", event="note.added")
WAIT = make.action("w", "wait.duration", days=9)
AFTER = make.action("end", "data.set", values={"x": "y"})


def test_the_run_leaves_its_wait_and_goes_on_behind_the_goal() -> None:
    anna = make.contact()
    run = play.start(WAIT, make.action("mail", "run.stop"), GOAL, AFTER, who=anna)
    assert Listener.objects.get().kind == "goal"

    anna.notes.create(body="bought")
    sweeping.drain()

    run.refresh_from_db()
    assert make.trail(run) == [("w", "cancelled"), ("g", "done"), ("end", "done")]
    assert run.actions.get(uid="g").summary == "Reached."


def test_an_event_that_does_not_meet_the_conditions_moves_nothing() -> None:
    anna = make.contact()
    conditions = {"field": "event.body", "op": "is", "value": "bought"}
    run = play.start(WAIT, make.action("g", "goal", event="note.added", conditions=conditions), who=anna)

    anna.notes.create(body="asked")
    sweeping.drain()

    assert make.trail(run) == [("w", "waiting")]


@pytest.mark.parametrize(
    ("config", "trail", "reason"),
    [
        ({}, [("g", "done"), ("end", "done")], ""),
        ({"if_not_reached": "end"}, [("g", "done")], "The goal was not reached."),
    ],
)
def test_a_run_that_gets_there_by_itself(config: dict[str, str], trail: list[Any], reason: str) -> None:
    run = play.start(make.action("g", "goal", event="note.added", **config), AFTER)

    assert (run.status, make.trail(run), run.reason) == ("done", trail, reason)


def test_a_dry_run_passes_it() -> None:
    steps = play.rehearse(GOAL, AFTER)

    assert [step.text for step in steps] == ["Passed without being reached.", "Sets x."]


def test_problems() -> None:
    assert play.problems("goal", event="note.added") == []
    assert play.problems("goal", event="note.lost") == [("event", "There is no event “note.lost”.")]
    assert play.problems("goal", event="note.added", if_not_reached="wait") == [
        ("if_not_reached", "Choose one of: 'continue' or 'end'.")
    ]
