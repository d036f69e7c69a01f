"""contact.adjust_score: points up or down, with a reason."""

import pytest

from contacts.models import ScorePolicy
from contacts.tests import make
from contacts.tests.actions import play

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("points", "score", "summary"), [(5, 8, "+5 points, 8 now."), (-10, -7, "-10 points, -7 now.")]
)
def test_points_are_added_with_the_reason(points: int, score: int, summary: str) -> None:
    mia = make.contact(score=3)

    done = play.perform("contact.adjust_score", mia, "Price list", points=points, reason="Opened: {{ event.body }}")

    mia.refresh_from_db()
    assert (mia.score, done.summary, done.result) == (score, summary, {"old": 3, "new": score})
    [event] = make.events("contact.engagement_score_changed")
    assert (event.changes, event.origin) == ({"score": {"old": 3, "new": score}}, "Opened: Price list")
    assert (event.actor, event.cause) == ("workflow", done.key)


@pytest.mark.parametrize(
    ("points", "reason", "said"),
    [
        (5, "", "Adds 5 points."),
        (5, "{{ event.body }}", "Adds 5 points: Called back."),
        (-5, "", "Takes off 5 points."),
        (-5, "No show", "Takes off 5 points: No show."),
    ],
)
def test_preview(points: int, reason: str, said: str) -> None:
    assert play.preview("contact.adjust_score", None, points=points, reason=reason) == said


def test_problems() -> None:
    assert play.problems("contact.adjust_score", points=5) == []
    assert play.problems("contact.adjust_score", points=0) == [
        (".points", "Enter how many points to add, or to take off such as -5.")
    ]
    assert play.problems("contact.adjust_score") == [(".points", "This is required.")]


def test_the_change_is_written_down_and_stays_within_the_limits() -> None:
    ScorePolicy(cap=10).save()
    mia = make.contact(score=7)

    done = play.perform("contact.adjust_score", mia, points=5, reason="Opened")

    step = mia.score_changes.get()
    assert (step.delta, step.before, step.after, step.reason, step.actor) == (3, 7, 10, "Opened", "workflow")
    assert (done.summary, done.result) == ("+3 points, 10 now.", {"old": 7, "new": 10})
