"""Which rules may be saved."""

from typing import Any

import pytest

from contacts.models import ScoreRule
from contacts.scores import score_rules


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, []),
        ({"conditions": {"field": "contact.tags", "op": "has_any", "value": ["VIP"]}}, []),
        ({"event_type": "contact.engagement_score_changed"}, ["event_type"]),
        ({"event_type": "contact.deleted"}, ["event_type"]),
        ({"event_type": "no.such"}, ["event_type"]),
        ({"points": 0}, ["points"]),
        ({"conditions": {"field": "event.nothing", "op": "is", "value": 1}}, ["conditions"]),
        ({"conditions": {"all": []}}, ["conditions"]),
        ({"conditions": ["x"], "points": 0}, ["points", "conditions"]),
    ],
)
def test_problems_stand_at_their_field(values: dict[str, Any], fields: list[str]) -> None:
    rule = ScoreRule(**{"name": "Note", "event_type": "note.added", "points": 5, **values})

    assert list(score_rules.problems(rule)) == fields


def test_the_place_within_the_conditions_is_told() -> None:
    rule = ScoreRule(
        event_type="note.added", points=1, conditions={"all": [{"field": "event.body", "op": "gt", "value": 1}]}
    )

    [message] = score_rules.problems(rule)["conditions"]

    assert message.startswith("all[0].op: Choose a comparison that fits")
