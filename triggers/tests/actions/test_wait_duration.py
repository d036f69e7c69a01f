"""wait.duration: a span of time, in words and in rows."""

from datetime import UTC, datetime, timedelta

import pytest

from triggers import sweeping
from triggers.actions.wait_duration import span_in_words
from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
MIXED = {"seconds": 1, "minutes": 2, "hours": 3, "days": 4, "weeks": 1}
SPAN = timedelta(days=11, hours=3, minutes=2, seconds=1)


def test_it_wakes_at_the_second_and_not_before() -> None:
    run = play.start(make.action("a1", "wait.duration", **MIXED), now=NOW)
    waiting = run.actions.get()
    assert (run.status, run.due_at, waiting.until) == ("waiting", NOW + SPAN, NOW + SPAN)
    assert waiting.summary == "Waits 11 days 3 hours 2 minutes 1 second."

    sweeping.drain(NOW + SPAN - timedelta(microseconds=1))
    run.refresh_from_db()
    assert run.status == "waiting"

    sweeping.drain(NOW + SPAN)
    run.refresh_from_db()
    assert (run.status, make.trail(run)) == ("done", [("a1", "done")])


def test_a_dry_run_moves_its_clock() -> None:
    first, second = play.rehearse(
        make.action("a1", "wait.duration", days=2), make.action("a2", "wait.duration", hours=1), now=NOW
    )

    assert (first.text, first.at, second.at) == ("Waits 2 days.", NOW, NOW + timedelta(days=2))


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=1), "1 second"),
        (timedelta(minutes=90), "1 hour 30 minutes"),
        (timedelta(days=1, seconds=2), "1 day 2 seconds"),
        (timedelta(weeks=2), "14 days"),
    ],
)
def test_a_span_in_words(span: timedelta, words: str) -> None:
    assert span_in_words(span) == words


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({}, [("actions[0].config", "Say how long to wait, for example 2 days.")]),
        ({"days": 0}, [("actions[0].config", "Say how long to wait, for example 2 days.")]),
        ({"days": 1.5}, [("days", "Enter a whole number, for example 3.")]),
        ({"days": -1, "hours": 2}, [("days", "Input should be greater than or equal to 0")]),
        ({"day": 1}, [("day", "There is no such setting here; remove it or check its spelling.")]),
        ({"weeks": 520}, []),
    ],
)
def test_problems(config: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert play.problems("wait.duration", **config) == found
