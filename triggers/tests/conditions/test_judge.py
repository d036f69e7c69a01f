import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings

from triggers.conditions.fields import Change
from triggers.conditions.judge import HIDDEN, Verdict, judge, passes
from triggers.conditions.tree import compile_tree
from triggers.tests.conditions.trees import BERLIN, FIELDS, NOW, facts, leaf, trees, zones

GERMAN = leaf("contact.country", "is", "DE")
HIGH = leaf("contact.score", "gt", 50)
VIP = leaf("contact.vip", "is", True)


def verdict(tree, values) -> Verdict:
    return judge(compile_tree(tree, FIELDS.get), values, NOW, BERLIN)


def passing(tree, values) -> bool:
    return passes(compile_tree(tree, FIELDS.get), values, NOW, BERLIN)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (None, True),
        ({"all": [GERMAN, HIGH]}, False),
        ({"any": [GERMAN, HIGH]}, True),
        ({"not": HIGH}, True),
        ({"not": GERMAN}, False),
        ({"not": {"any": [HIGH, VIP]}}, True),
    ],
)
def test_groups(tree, expected):
    values = {"contact.country": "DE", "contact.score": 40}

    assert passing(tree, values) is expected
    assert verdict(tree, values).passed is expected


def test_not_of_a_comparison_with_nothing_holds():
    assert passing({"not": leaf("contact.score", "gt", 5)}, {}) is True
    assert passing({"not": leaf("contact.score", "lte", 5)}, {"contact.score": None}) is True


def test_the_fast_path_stops_where_the_answer_is_clear():
    class Watched(dict):
        def get(self, name, default=None):
            asked.append(name)
            return super().get(name, default)

    asked: list[str] = []
    passing({"all": [GERMAN, HIGH, VIP]}, Watched({"contact.country": "DE", "contact.score": 1}))

    assert asked == ["contact.country", "contact.score"]


def test_the_verdict_shows_every_node():
    shown = verdict({"all": [GERMAN, {"not": HIGH}]}, {"contact.country": "FR", "contact.score": 40})

    assert shown.as_json() == {
        "passed": False,
        "kind": "all",
        "children": [
            {
                "passed": False,
                "kind": "leaf",
                "field": "contact.country",
                "op": "is",
                "expected": "DE",
                "actual": "FR",
            },
            {
                "passed": True,
                "kind": "not",
                "children": [
                    {
                        "passed": False,
                        "kind": "leaf",
                        "field": "contact.score",
                        "op": "gt",
                        "expected": 50,
                        "actual": 40,
                    }
                ],
            },
        ],
    }


@pytest.mark.parametrize(
    ("field", "op", "fact", "actual"),
    [
        ("contact.score", "is_set", None, None),
        ("contact.score", "is_set", 5, 5),
        ("contact.score", "is_set", 2.5, 2.5),
        ("contact.score", "is_set", float("nan"), "nan"),
        pytest.param("contact.score", "is_set", 10**5000, "1.000000e+5000", id="endless"),
        ("contact.balance", "is_set", Decimal("19.90"), "19.90"),
        ("contact.born", "is_set", date(2026, 3, 31), "2026-03-31"),
        ("contact.seen", "is_set", datetime(2026, 3, 31, 9, tzinfo=UTC), "2026-03-31T09:00:00+00:00"),
        ("contact.vip", "is_set", False, False),
        ("contact.tags", "is_set", {"b", "a"}, ["a", "b"]),
        ("contact.tags", "is_set", ["b", "a"], ["b", "a"]),
        ("contact.tags", "is_set", [str(n) for n in range(200)], [str(n) for n in range(100)]),
        ("contact.name", "is_set", "x" * 501, "x" * 499 + "…"),
        ("event.due", "changed", Change(None, date(2026, 3, 31)), {"old": None, "new": "2026-03-31"}),
        ("contact.nickname", "is_set", "Bunny", HIDDEN),
        ("contact.nickname", "is_set", "", ""),
        ("contact.nickname", "is_set", None, None),
    ],
)
def test_the_actual_value_is_ready_for_json(field, op, fact, actual):
    shown = verdict(leaf(field, op), {field: fact})

    assert shown.actual == actual
    assert json.loads(json.dumps(shown.as_json(), allow_nan=False))["actual"] == actual


@pytest.mark.parametrize(
    ("tree", "field", "held"),
    [
        (HIGH, "contact.score", False),
        ({"all": [GERMAN, HIGH, VIP]}, "contact.score", False),
        ({"any": [HIGH, VIP]}, "contact.score", False),
        ({"all": [GERMAN, {"any": [VIP, HIGH]}]}, "contact.vip", False),
        ({"not": GERMAN}, "contact.country", True),
        ({"not": {"any": [HIGH, GERMAN]}}, "contact.country", True),
        ({"not": {"all": [GERMAN, {"not": HIGH}]}}, "contact.country", True),
        ({"not": {"not": HIGH}}, "contact.score", False),
    ],
)
def test_the_first_failure_is_the_leaf_to_hear_about(tree, field, held):
    failure = verdict(tree, {"contact.country": "DE", "contact.score": 40}).first_failure()

    assert failure is not None
    assert (failure.kind, failure.field, failure.passed) == ("leaf", field, held)


def test_nothing_failed_where_the_condition_passed():
    assert verdict(GERMAN, {"contact.country": "de"}).first_failure() is None
    assert verdict(None, {}).first_failure() is None


def _agrees(tree, values, zone):
    node = compile_tree(tree, FIELDS.get)

    explained = judge(node, values, NOW, zone)

    assert explained.passed is passes(node, values, NOW, zone)
    assert (explained.first_failure() is None) is explained.passed


@settings(max_examples=300, deadline=None)
@given(trees(), facts, zones)
def test_both_paths_give_the_same_answer(tree, values, zone):
    _agrees(tree, values, zone)


@pytest.mark.nightly
@settings(max_examples=20_000, deadline=None)
@given(trees(), facts, zones)
def test_both_paths_give_the_same_answer_long(tree, values, zone):
    _agrees(tree, values, zone)
