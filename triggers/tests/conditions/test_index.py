from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triggers.conditions.fields import Change
from triggers.conditions.index import Index
from triggers.conditions.judge import passes
from triggers.conditions.tree import compile_tree
from triggers.tests.conditions.trees import FIELDS, NOW, facts, leaf, trees, zones


class Counted(dict):
    """Facts that count how often each is read."""

    def __init__(self, values):
        super().__init__(values)
        self.reads = Counter()

    def get(self, name, default=None):
        self.reads[name] += 1
        return super().get(name, default)


def index(trees_by_key: dict) -> Index[str]:
    return Index((key, compile_tree(tree, FIELDS.get)) for key, tree in trees_by_key.items())


def found(trees_by_key: dict, values: dict) -> list[str]:
    return sorted(index(trees_by_key).candidates(values))


VIP = leaf("event.tag", "is", "VIP")
NEW = leaf("event.tag", "is", "new")
MANY = 2_000


@pytest.mark.parametrize(
    ("tree", "near", "far"),
    [
        (VIP, {"event.tag": "vip"}, {"event.tag": "new"}),
        (leaf("contact.score", "eq", 5), {"contact.score": 5.0}, {"contact.score": 6}),
        (leaf("contact.owner", "is", 7), {"contact.owner": 7}, {"contact.owner": 8}),
        (leaf("contact.vip", "is", True), {"contact.vip": True}, {"contact.vip": False}),
        (leaf("event.tag", "is_any_of", ["a", "b"]), {"event.tag": "B"}, {"event.tag": "c"}),
        (leaf("contact.tags", "has_any", ["a", "b"]), {"contact.tags": ["B", "a"]}, {"contact.tags": ["c"]}),
        (leaf("contact.tags", "has_all", ["a", "b"]), {"contact.tags": ["B", "a"]}, {"contact.tags": ["c"]}),
        (leaf("event.stage", "changed_to", "won"), {"event.stage": Change("new", "won")}, {"event.stage": None}),
        (
            leaf("event.stage", "changed_from_to", ["new", "won"]),
            {"event.stage": Change("new", "won")},
            {"event.stage": Change("new", "lost")},
        ),
        (leaf("contact.score", "gt", 5), {"contact.score": 6}, {"contact.score": 5}),
        (leaf("contact.score", "gte", 5), {"contact.score": 5}, {"contact.score": 4}),
        (leaf("contact.score", "lt", 5), {"contact.score": 4}, {"contact.score": 5}),
        (leaf("contact.score", "lte", 5), {"contact.score": 5}, {"contact.score": 6}),
        (leaf("contact.score", "between", [5, 9]), {"contact.score": 9}, {"contact.score": 10}),
        (leaf("event.score", "crossed_up", 5), {"event.score": Change(4, 5)}, {"event.score": Change(5, 6)}),
        (leaf("event.score", "crossed_down", 5), {"event.score": Change(6, 5)}, {"event.score": Change(5, 4)}),
    ],
)
def test_a_condition_is_a_candidate_only_where_its_demand_is_met(tree, near, far):
    assert found({"x": tree}, near) == ["x"]
    assert found({"x": tree}, far) == []
    assert found({"x": tree}, {}) == []


@pytest.mark.parametrize(
    "tree",
    [
        None,
        {"any": [VIP, NEW]},
        {"not": VIP},
        leaf("event.tag", "is_not", "VIP"),
        leaf("event.tag", "contains", "V"),
        leaf("event.tag", "is_not_set"),
        leaf("contact.seen", "on", "2026-03-31"),
        leaf("event.at", "changed_to", "2026-03-31"),
        leaf("event.due", "crossed_up", "2026-03-31"),
    ],
)
def test_a_condition_that_demands_nothing_certain_is_always_a_candidate(tree):
    assert found({"x": tree}, {}) == ["x"]


def test_a_demand_is_found_through_nested_all_groups_and_groups_of_one():
    tree = {"all": [leaf("contact.name", "is_set"), {"any": [{"all": [VIP]}]}]}

    assert found({"x": tree}, {"event.tag": "vip"}) == ["x"]
    assert found({"x": tree}, {"contact.name": "Anna"}) == []


def test_what_is_demanded_only_under_any_or_not_is_no_demand():
    tree = {"all": [{"any": [VIP, NEW]}, {"not": leaf("contact.score", "gt", 5)}]}

    assert found({"x": tree}, {}) == ["x"]


def test_among_equalities_the_one_few_share_is_filed():
    everyone = leaf("contact.country", "is", "DE")
    conditions = {str(n): {"all": [everyone, leaf("event.tag", "is", f"tag {n}")]} for n in range(MANY)}

    assert found(conditions, {"contact.country": "DE", "event.tag": "tag 7"}) == ["7"]


def test_of_the_values_a_set_must_all_have_the_rarest_is_filed():
    conditions = {str(n): leaf("contact.tags", "has_all", ["customer", f"tag {n}"]) for n in range(MANY)}

    assert found(conditions, {"contact.tags": ["customer"]}) == []
    assert found(conditions, {"contact.tags": ["customer", "tag 7"]}) == ["7"]


def test_a_threshold_is_filed_before_a_yes_or_no():
    conditions = {
        str(n): {"all": [leaf("contact.vip", "is", True), leaf("contact.score", "gt", n)]} for n in range(MANY)
    }

    assert found(conditions, {"contact.vip": True, "contact.score": 1}) == ["0"]


def test_thresholds_of_one_field_are_filed_as_one_range():
    conditions = {
        str(n): {"all": [leaf("contact.score", "gte", n), leaf("contact.score", "lt", n + 1)]} for n in range(MANY)
    }

    assert found(conditions, {"contact.score": 1000.5}) == ["1000"]


def test_an_impossible_range_is_never_a_candidate():
    tree = {"all": [leaf("contact.score", "gt", 5), leaf("contact.score", "lt", 3)]}

    assert found({"x": tree}, {"contact.score": 4}) == []


def test_a_threshold_at_the_very_value_is_no_candidate():
    conditions = {str(n): leaf("contact.score", "gt", 100) for n in range(MANY)}

    assert found(conditions, {"contact.score": 100}) == []


@pytest.mark.parametrize("count", [10, MANY])
def test_an_event_reads_each_field_once_however_many_conditions_there_are(count):
    conditions = {}
    for n in range(count):
        conditions[f"tag {n}"] = leaf("event.tag", "is", f"tag {n}")
        conditions[f"score {n}"] = leaf("contact.score", "gt", n + 100)
        conditions[f"band {n}"] = leaf("contact.balance", "between", [n, n + 0.5])
        conditions[f"move {n}"] = leaf("event.score", "crossed_up", n + 100)
    values = Counted({"event.tag": "none", "contact.score": 50, "contact.balance": -1, "event.score": Change(1, 2)})

    assert list(index(conditions).candidates(values)) == []
    assert values.reads == {"event.tag": 1, "contact.score": 1, "contact.balance": 1, "event.score": 1}


def test_a_key_comes_once_even_when_several_of_its_values_match():
    conditions = {"x": leaf("contact.tags", "has_any", ["a", "b"])}

    assert found(conditions, {"contact.tags": ["a", "b"]}) == ["x"]


def test_keys_need_no_order_and_no_hash():
    keys = [{"trigger": 1}, {"trigger": 2}]

    built = Index((key, compile_tree(leaf("contact.score", "gt", 5), FIELDS.get)) for key in keys)

    assert list(built.candidates({"contact.score": 6})) == keys


def _misses_none(conditions, values, zone):
    nodes = [(key, compile_tree(tree, FIELDS.get)) for key, tree in enumerate(conditions)]

    candidates = list(Index(nodes).candidates(values))

    assert {key for key, node in nodes if passes(node, values, NOW, zone)} <= set(candidates)
    assert len(candidates) == len(set(candidates))


@settings(max_examples=200, deadline=None)
@given(st.lists(trees(), max_size=8), facts, zones)
def test_what_passes_is_always_a_candidate(conditions, values, zone):
    _misses_none(conditions, values, zone)


@pytest.mark.nightly
@settings(max_examples=10_000, deadline=None)
@given(st.lists(trees(), max_size=8), facts, zones)
def test_what_passes_is_always_a_candidate_long(conditions, values, zone):
    _misses_none(conditions, values, zone)
