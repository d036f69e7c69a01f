"""The tree: what comes after what."""

from typing import Any

import pytest

from triggers.tests import make
from triggers.workflows import document

pytestmark = pytest.mark.django_db

A, B, C, D = (make.action(uid, "run.stop") for uid in "abcd")


def follow(doc: document.Document, *outcomes: str) -> list[str]:
    """The uids a run passes when its nodes end with these outcomes."""
    ends, passed = iter(outcomes), []
    node = doc.first()
    while node is not None:
        passed.append(node.uid)
        node = doc.after(node.uid, next(ends, "") if node.outlets else "")
    return passed


def branch(uid: str, then: list[Any], otherwise: list[Any]) -> dict[str, Any]:
    return {"uid": uid, "branch": [{"uid": f"{uid}1", "if": None, "then": then}], "else": otherwise}


def test_a_list_is_followed_in_order() -> None:
    assert follow(document.read(make.document(A, B, C))) == ["a", "b", "c"]


def test_after_an_outlet_comes_what_follows_its_owner() -> None:
    doc = document.read(make.document(branch("x", [A, B], [C]), D))

    assert follow(doc, "x1") == ["x", "a", "b", "d"]
    assert follow(doc, "else") == ["x", "c", "d"]
    assert follow(doc, "gone") == ["x", "d"]


def test_nested_branches_lead_out_step_by_step() -> None:
    doc = document.read(make.document(branch("x", [branch("y", [A], []), B], []), D))

    assert follow(doc, "x1", "y1") == ["x", "y", "a", "b", "d"]
    assert follow(doc, "x1", "else") == ["x", "y", "b", "d"]
    assert follow(doc, "else") == ["x", "d"]


def test_positions_are_in_reading_order() -> None:
    doc = document.read(make.document(branch("x", [A], [B]), C))

    assert [doc.position(uid) for uid in ("x", "a", "b", "c", "gone")] == [0, 1, 2, 3, 4]


def test_settings_have_defaults() -> None:
    read = document.read({}).settings

    assert (read.reentry, read.stop_on_error, read.timezone, read.windows) == ("every", True, "account", [])


def test_what_is_switched_off_is_passed_over_with_all_that_stands_in_its_ways() -> None:
    off = {**branch("x", [A], [B]), "off": True}

    doc = document.read(make.document(off, {**C, "off": True}, D, branch("y", [{**A, "uid": "e", "off": True}], [])))

    assert follow(doc, "y1") == ["d", "y"]
    assert list(doc.nodes) == ["d", "y"]
