"""Conditions as rows and groups: every shape comes back, and operators and values follow from the field."""

from typing import Any

import pytest

from triggers.admin.builder import offers, posted
from triggers.admin.builder.conditions import Builder, Group, Row
from triggers.admin.builder.controls import Names
from triggers.tests import make
from triggers.tests.admin.builder import posting

pytestmark = pytest.mark.django_db
DE = {"field": "contact.country", "op": "is", "value": "DE"}
OLD = {"field": "contact.score", "op": "gte", "value": 50}
DEEP = {"any": [DE, {"all": [OLD, {"any": [DE, OLD]}]}]}
LEAVES = [
    DE, OLD, {"field": "contact.score", "op": "between", "value": [1, 5]},
    {"field": "contact.score", "op": "between", "value": {"from": "1.50", "to": "x"}},
    {"field": "contact.email", "op": "is_set"}, {"field": "contact.email", "op": "is_set", "value": None},
    {"field": "contact.created_at", "op": "within_last", "value": {"days": 30}},
    {"field": "contact.created_at", "op": "on", "value": "2026-03-31"},
    {"field": "contact.birth_date", "op": "month_is", "value": 3},
    {"field": "contact.tags", "op": "has_any", "value": ["VIP", "Partner"]},
    {"field": "contact.dnd_all", "op": "is", "value": True}, {"field": "contact.dnd_all", "op": "is", "value": "yes"},
    {"field": "contact.owner", "op": "is_any_of", "value": [1, 2]}, {"field": "contact.owner", "op": "is", "value": 7},
    {"field": "event.body.total", "op": "gte", "value": 100}, {"field": "vars.x", "op": "is", "value": ""},
    {"field": "contact.country", "op": "is", "value": "DE", "note": "ours"}, {"field": 5}, {"field": "a", "op": []},
    {"field": "", "op": "", "value": ""}, "text", {"field": "contact.score", "op": "eq", "value": 1.5},
]  # fmt: skip
TREES = [
    None, *LEAVES, {"all": [DE]}, {"any": [DE, OLD]}, {"not": DE}, {"not": {"any": [DE, OLD]}}, {"not": {"all": [DE]}},
    {"all": [DE, {"any": [DE, OLD]}, {"not": OLD}, {"not": {"all": [DE, OLD]}}]}, DEEP, {"not": DEEP}, {"not": {"not": DE}},
    {"all": []}, {"any": [DE], "all": [OLD]}, {"all": [DE, 4, None, {"any": []}]}, {"some": [DE]},
]  # fmt: skip


@pytest.mark.parametrize("tree", TREES, ids=str)
def test_every_tree_comes_back(tree: Any) -> None:
    trigger = {"uid": "t1", "event": "webhook.received", "config": {}, "conditions": tree}
    branch = {"uid": "b1", "branch": [{"uid": "c1", "if": tree, "then": []}], "only_if": tree}
    wait = {
        "uid": "w",
        "action": "wait.for_event",
        "config": {"event": "task.completed", "days": 1, "conditions": tree},
    }
    document = {"triggers": [trigger], "exits": [{**trigger, "uid": "x1"}], "actions": [branch, wait]}

    assert posted.read(posting.posted(posting.rendered(document))) == document


def row(leaf: Any) -> Row:
    offer, find = offers.of_event("contact.tag_added")
    found = Builder(offer, find, Names()).group({"all": [leaf]}, "t1~conditions", ("conditions",)).rows[0]
    assert isinstance(found, Row)
    return found


def test_operators_and_choices_follow_from_the_field() -> None:
    tag, clara = make.tag(make.contact()).tag, make.user("clara")

    assert [option.value for option in row(OLD).operators][:3] == ["eq", "ne", "gt"]
    [status] = row({"field": "contact.lead_status", "op": "is", "value": "open"}).inputs
    assert ("open", True) in [(option.value, option.chosen) for option in status.options]
    [tags] = row({"field": "contact.tags", "op": "has_any", "value": []}).inputs
    assert [option.value for option in tags.options] == [tag.name]
    [owner] = row({"field": "contact.owner", "op": "is", "value": clara.pk}).inputs
    assert [(option.value, option.label) for option in owner.options if option.chosen] == [(str(clara.pk), "clara")]
    assert row({"field": "contact.email", "op": "is_set"}).inputs == []


def test_two_levels_are_shown_and_what_is_deeper_is_kept_as_json() -> None:
    offer, find = offers.of_event("contact.tag_added")
    group = Builder(offer, find, Names()).group(DEEP, "t1~conditions", ())

    inner = group.rows[1]
    assert isinstance(inner, Group)
    assert [type(each).__name__ for each in inner.rows] == ["Row", "Row"]
    assert isinstance(inner.rows[1], Row)
    assert '"any"' in inner.rows[1].raw
