"""The buttons within the cards: what each does to the document, and where the focus goes."""

from typing import Any

import pytest

from triggers.admin.builder.edits import edit
from triggers.workflows import checking

pytestmark = pytest.mark.django_db
LEAF = {"field": "", "op": "", "value": ""}


def source() -> dict[str, Any]:
    nested = {"uid": "n", "action": "note.create", "config": {"body": "x"}}
    return {
        "triggers": [{"uid": "t1", "event": "contact.tag_added", "config": {}, "conditions": None}],
        "actions": [
            {"uid": "a1", "action": "task.create", "config": {"title": "Call"}},
            {"uid": "w", "action": "wait.for_event", "config": {"event": "task.completed", "days": 1},
             "outcomes": {"timeout": [nested]}},
            {"uid": "b", "branch": [{"uid": "c1", "name": "Big", "if": None, "then": []}], "else": []},
        ],
    }  # fmt: skip


def uids(nodes: Any) -> list[str]:
    return [node["uid"] for node in nodes]


@pytest.mark.parametrize(("button", "order", "focus"), [
    ("add:action:after:a1", ["a1", "a2", "w", "b"], "a2:action"),
    ("add:action:first", ["a2", "a1", "w", "b"], "a2:action"),
    ("add:action:last", ["a1", "w", "b", "a2"], "a2:action"),
    ("up:w", ["w", "a1", "b"], "open-w"),
    ("down:w", ["a1", "b", "w"], "open-w"),
    ("up:a1", ["a1", "w", "b"], "open-a1"),
    ("remove:a1", ["w", "b"], "open-w"),
    ("remove:b", ["a1", "w"], "open-w"),
    ("copy:a1", ["a1", "a2", "w", "b"], "open-a2"),
    ("up:nobody", ["a1", "w", "b"], ""),
    ("explode:a1", ["a1", "w", "b"], ""),
    ("add:action:after:nobody", ["a1", "w", "b"], ""),
])  # fmt: skip
def test_actions_are_added_moved_and_removed(button: str, order: list[str], focus: str) -> None:
    before = source()

    edited = edit(before, button)

    assert (uids(edited.document["actions"]), edited.focus) == (order, focus)
    assert before == source()


def test_ways_out_take_actions() -> None:
    document = edit(source(), "add:action:into:outcome:w/happened").document
    document = edit(document, "add:action:into:case:c1").document
    document = edit(document, "add:action:into:else:b").document

    wait, branch = document["actions"][1:]
    assert (uids(wait["outcomes"]["happened"]), uids(branch["branch"][0]["then"]), uids(branch["else"])) == (
        ["a2"], ["a3"], ["a4"],
    )  # fmt: skip


def test_a_copy_has_names_of_its_own() -> None:
    document = edit(source(), "copy:w").document

    twin = document["actions"][2]
    assert (twin["uid"], uids(twin["outcomes"]["timeout"])) == ("w1", ["n1"])
    assert not [p for p in checking.check(document) if "twice" in p.message]


def test_a_branch_and_a_split_begin_with_cases() -> None:
    document = {"actions": [{"uid": "b", "branch": []}, {"uid": "s", "split": []}]}

    document = edit(edit(document, "choose:b").document, "choose:s").document

    branch, split = document["actions"]
    assert uids(branch["branch"]) == ["c1"]
    assert [(case["uid"], case["weight"]) for case in split["split"]] == [("c2", 50), ("c3", 50)]
    assert uids(edit(document, "remove:c2").document["actions"][1]["split"]) == ["c3"]


def conditions(*buttons: str) -> Any:
    document: Any = source()
    for button in buttons:
        document = edit(document, button).document
    return document["triggers"][0]["conditions"]


def test_conditions_grow_and_shrink() -> None:
    slot = "t1~conditions"
    assert conditions(f"leaf:{slot}") == {"all": [LEAF]}
    assert conditions(f"leaf:{slot}", f"group:{slot}") == {"all": [LEAF, {"any": [LEAF]}]}
    assert conditions(f"leaf:{slot}", f"group:{slot}", f"leaf:{slot}-1") == {"all": [LEAF, {"any": [LEAF, LEAF]}]}
    assert conditions(f"leaf:{slot}", f"group:{slot}", f"drop:{slot}-1-0") == {"all": [LEAF]}
    assert conditions(f"leaf:{slot}", f"drop:{slot}-0") is None
    assert conditions(f"drop:{slot}-7", "leaf:nobody~conditions", f"leaf:{slot}-x") is None
    assert edit(source(), f"leaf:{slot}").focus == f"{slot}-0.field"


def test_another_field_gets_a_comparison_that_goes_with_it() -> None:
    document = source()
    document["triggers"][0]["conditions"] = {"all": [{"field": "contact.tags", "op": "is", "value": "DE"}]}

    edited = edit(document, "choose:t1~conditions-0")

    assert edited.document["triggers"][0]["conditions"] == {
        "all": [{"field": "contact.tags", "op": "has_any", "value": []}]
    }
    assert edited.focus == "t1~conditions-0.op"


def test_rows_of_a_list_are_added_and_removed() -> None:
    document: Any = {
        "actions": [{"uid": "a1", "action": "contact.assign", "config": {"how": "round_robin"}}],
        "settings": {},
    }

    document = edit(edit(document, "row:a1.members").document, "row:~settings.windows").document
    assert (document["actions"][0]["config"]["members"], document["settings"]["windows"]) == ([{}], [{}])

    document = edit(edit(document, "unrow:a1.members.0").document, "unrow:~settings.windows.9").document
    assert (document["actions"][0]["config"]["members"], document["settings"]["windows"]) == ([], [{}])


@pytest.mark.parametrize(
    "document", [None, [], {}, {"actions": 5, "triggers": [3]}, {"actions": [{"uid": "a1", "config": 3}]}]
)
@pytest.mark.parametrize("button", ["add:action:last", "up:a1", "row:a1.x", "leaf:a1~config", "choose:a1", "add:exit"])
def test_no_button_raises_on_wrong_json(document: Any, button: str) -> None:
    edit(document, button)


def test_an_action_is_switched_off_and_on_again() -> None:
    document = {"actions": [{"uid": "a1", "action": "task.create", "config": {"title": "Call"}}]}

    off = edit(document, "off:a1")
    on = edit(off.document, "on:a1")

    assert off.document["actions"][0]["off"] is True
    assert (off.focus, off.said) == ("open-a1", "Add task “Call” is switched off; runs skip it.")
    assert (on.document, on.said) == (document, "Add task “Call” is switched on again.")
    assert edit(document, "off:nobody").document == document
