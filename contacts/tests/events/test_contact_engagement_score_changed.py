"""contact.engagement_score_changed: what it tells, and the comparisons a trigger may ask for."""

import pytest

from contacts import services
from contacts.events.contact_engagement_score_changed import ContactEngagementScoreChanged
from contacts.models import Contact
from contacts.tests import make
from contacts.tests.events.narrowing import refused, starts

pytestmark = pytest.mark.django_db


def test_a_score_is_told_before_and_after() -> None:
    mia = make.contact(score=10)

    services.adjust_score(mia, 5, "Came by")

    [event] = make.events("contact.engagement_score_changed")
    assert event.data == {"contact_id": mia.pk, "old_score": 10, "new_score": 15, "delta": 5, "rule": ""}
    assert event.changes == {"score": {"old": 10, "new": 15}}
    assert (event.contact_id, event.origin) == (mia.pk, "Came by")


def test_whatever_changes_the_column_is_told_and_a_save_beside_it_is_not() -> None:
    mia = make.contact(score=1)

    Contact.objects.update(score=3)
    Contact.objects.update(city="Bonn")

    assert [e.data["new_score"] for e in make.events("contact.engagement_score_changed")] == [3]
    assert mia.pk


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, [True, True, True]),
        ({"score": "equals", "value": 50}, [False, True, False]),
        ({"score": "not_equals", "value": 50}, [True, False, True]),
        ({"score": "above", "value": 40}, [False, True, True]),
        ({"score": "at_least", "value": 45}, [False, True, True]),
        ({"score": "below", "value": 45}, [True, False, False]),
        ({"score": "at_most", "value": 45}, [True, False, True]),
        # Once, as the line is reached; not again above it.
        ({"score": "crosses_up", "value": 50}, [False, True, False]),
        ({"score": "crosses_down", "value": 45}, [False, False, True]),
    ],
)
def test_how_the_score_is_compared(config: dict[str, object], expected: list[bool]) -> None:
    mia = make.contact(score=20)
    for points in (20, 10, -5):
        services.adjust_score(mia, points)

    assert [starts(event, **config) for event in make.events("contact.engagement_score_changed")] == expected


def test_a_comparison_and_its_points_go_together() -> None:
    assert refused("contact.engagement_score_changed", score="crosses_up") == [("value",)]
    assert refused("contact.engagement_score_changed", value=5) == [("value",)]
    assert refused("contact.engagement_score_changed", score="near", value=5)[0] == ("score",)
    assert refused("contact.engagement_score_changed", score="equals", value=0) == []


def test_a_contact_shows_it_by_its_score_now() -> None:
    kind = ContactEngagementScoreChanged

    assert kind.standing(kind.Options(score="crosses_up", value=50)) == {
        "field": "contact.score", "op": "gte", "value": 50,
    }  # fmt: skip
    assert kind.standing(kind.Options(score="below", value=5)) == {"field": "contact.score", "op": "lt", "value": 5}
    assert kind.standing(kind.Options()) is None
