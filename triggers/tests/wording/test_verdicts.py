"""Verdicts as rows: conditions in words, what they saw, and which of them decided."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from triggers import registry
from triggers.conditions.judge import judge
from triggers.conditions.tree import compile_tree
from triggers.evidence import lookup
from triggers.wording import verdicts

TAG = {"passed": True, "kind": "leaf", "field": "event.tag", "op": "is_any_of", "expected": ["VIP"], "actual": "VIP"}
COUNTRY = {
    "passed": False, "kind": "leaf", "field": "contact.country", "op": "is", "expected": "DE", "actual": None,
}  # fmt: skip


def group(kind: str, passed: bool, *children: dict[str, Any]) -> dict[str, Any]:
    return {"passed": passed, "kind": kind, "children": list(children)}


def find(name: str) -> Any:
    return lookup(registry.events["contact.tag_added"])(name)


def test_rows_say_each_condition_what_it_saw_and_which_decided() -> None:
    rows = verdicts.rows(group("all", False, TAG, COUNTRY), find)

    assert [(row.depth, row.passed, row.text, row.seen, row.decided) for row in rows] == [
        (0, False, "All of these are true", "", False),
        (1, True, "Tag is VIP", "VIP", False),
        (1, False, "Country is Germany", "empty", True),
    ]
    assert rows[2].label == "country"


def test_groups_within_groups_of_their_kind_are_one() -> None:
    nested = group("all", False, TAG, group("all", False, COUNTRY))

    assert [row.depth for row in verdicts.rows(nested, find)] == [0, 1, 1]
    assert verdicts.said(nested, find) == "tag is VIP and country is Germany"


def test_under_a_not_the_condition_that_held_is_to_blame() -> None:
    rows = verdicts.rows(group("not", False, TAG), find)

    assert [(row.text, row.passed, row.decided) for row in rows] == [
        ("Not true:", False, False),
        ("Tag is VIP", True, True),
    ]


def test_no_conditions_make_no_rows_and_no_words() -> None:
    for empty in (None, group("all", True)):
        assert verdicts.rows(empty, find) == []
        assert verdicts.said(empty, find) == ""


def test_the_number_chosen_in_the_trigger_tells_nothing_unless_it_is_another() -> None:
    hook = {
        "passed": True, "kind": "leaf", "field": "event.contact_id", "op": "is_any_of", "expected": [3], "actual": 3,
    }  # fmt: skip

    assert verdicts.said(group("all", True, hook, TAG), find) == "tag is VIP"
    assert (verdicts.said(hook, find), verdicts.rows(hook, find)) == ("", [])
    assert len(verdicts.rows({**hook, "passed": False}, find)) == 1


def test_a_change_is_seen_from_old_to_new() -> None:
    change = {**TAG, "actual": {"old": "Fair", "new": None}}

    assert verdicts.rows(change, find)[0].seen == "Fair → empty"


def test_fields_and_operators_that_are_gone_are_still_said() -> None:
    gone = {**COUNTRY, "field": "contact.shoe_size", "op": "was_once"}

    [row] = verdicts.rows(gone, find)

    assert (row.text, row.label) == ("Contact.shoe_size was_once DE", "contact.shoe_size")


def test_as_then_puts_back_what_decided_and_judges_the_groups_anew() -> None:
    today = group("all", True, TAG, {**COUNTRY, "passed": True, "actual": "DE"})

    then = verdicts.as_then(today, "contact.country", "DE", "ES")

    assert then["passed"] is False
    rows = verdicts.rows(then, find)
    assert [(row.passed, row.seen, row.now, row.decided) for row in rows[1:]] == [
        (True, "VIP", "", False),
        (False, "Spain", "Germany", True),
    ]


def test_as_then_knows_any_and_not() -> None:
    held = {**COUNTRY, "passed": True, "actual": "DE"}

    assert verdicts.as_then(group("any", True, TAG, held), "contact.country", "DE", "")["passed"] is True
    assert verdicts.as_then(group("not", False, held), "contact.country", "DE", "")["passed"] is True
    assert verdicts.as_then(group("all", True), "contact.country", "DE", "")["passed"] is True


def test_under_a_not_it_says_that_the_opposite_was_asked_for() -> None:
    tree = {"not": {"field": "contact.country", "op": "is", "value": "DE"}}

    verdict = judge(compile_tree(tree, find), {"contact.country": "DE"}, timezone.now(), ZoneInfo("UTC"))

    assert verdicts.why_not(verdict, find) == (
        "Country was Germany, and the workflow asks for the opposite of: country is Germany."
    )
