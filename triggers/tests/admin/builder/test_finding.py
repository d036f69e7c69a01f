"""Entries, actions and cases are found by name, wherever they stand."""

from typing import Any

import pytest

from triggers.admin.builder.finding import children, find, item_of

MAIL = {"uid": "mail", "action": "email.send"}
DOCUMENT = {
    "triggers": [{"uid": "t1", "event": "note.added"}],
    "exits": "none",
    "actions": [
        {"uid": "b1", "branch": [{"uid": "c1", "then": [MAIL]}], "else": [{"uid": "last", "action": "run.stop"}]},
        {"uid": "w1", "action": "wait.for_event", "outcomes": {"timeout": [{"uid": "call", "action": "task.create"}]}},
        7,
    ],
}


@pytest.mark.parametrize(
    ("uid", "position"), [("t1", 0), ("b1", 0), ("w1", 1), ("c1", 0), ("mail", 0), ("last", 0), ("call", 0)]
)
def test_each_name_leads_to_its_list_and_position(uid: str, position: int) -> None:
    found = find(DOCUMENT, uid)

    assert found is not None
    items, index = found
    assert (items[index]["uid"], index) == (uid, position)


def test_a_name_that_is_not_there_leads_nowhere() -> None:
    assert find(DOCUMENT, "gone") is None
    assert item_of(DOCUMENT, "gone") is None
    assert item_of(DOCUMENT, "mail") is MAIL


@pytest.mark.parametrize("node", [7, None, {"branch": 3}, {"outcomes": [1]}, {"split": [{"then": []}]}])
def test_children_of_what_has_no_shape_are_none(node: Any) -> None:
    assert all(isinstance(nodes, list) for nodes in children(node))
