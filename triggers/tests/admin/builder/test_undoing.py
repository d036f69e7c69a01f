"""Undo: what buttons did is taken back from the newest on, and what is posted as kept is never trusted."""

import json
from typing import Any

import pytest
from django.http import QueryDict

from triggers.admin.builder import undoing
from triggers.tests import make

TASK = make.action("a1", "task.create", title="Call")
NOTE = make.action("a2", "note.create", body="Hello")
DRAFT = make.document(TASK, NOTE)


def page(kept: list[str] | None = None, shown: Any = None) -> QueryDict:
    data = QueryDict(mutable=True)
    data.setlist("~undo", kept or [])
    if shown is not None:
        data["~shown"] = json.dumps(shown)
    return data


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ("remove:a1", "Removed: Add task “Call”."),
        ("down:a1", "Add task “Call”, position 2 of 2"),
        ("copy:a1", "Duplicated."),
        ("off:a2", "Add note “Hello” is switched off; runs skip it."),
    ],
)
def test_a_change_is_offered_to_be_taken_back_and_is(button: str, said: str) -> None:
    after = undoing.press(DRAFT, button, page())
    back = undoing.press(after.document, "undo", page(after.kept))

    assert (after.said, after.is_change, after.document == DRAFT) == (said, True, False)
    assert (back.document, back.said, back.kept) == (DRAFT, f"Undone: {said}", [])


def test_the_newest_goes_first() -> None:
    one = undoing.press(DRAFT, "remove:a1", page())
    two = undoing.press(one.document, "remove:a2", page(one.kept))

    back = undoing.press(two.document, "undo", page(two.kept))
    first = undoing.press(back.document, "undo", page(back.kept))

    assert [node["uid"] for node in back.document["actions"]] == ["a2"]
    assert (back.focus, first.focus) == ("undo-last", "add-last")
    assert first.document == DRAFT


def test_another_type_gives_back_what_the_first_had() -> None:
    posted = make.document(
        {"uid": "a1", "action": "note.create", "config": {}}, {**NOTE, "config": {"body": "Typed since"}}
    )

    after = undoing.press(posted, "choose:a1", page(shown=DRAFT))
    back = undoing.press(after.document, "undo", page(after.kept))

    assert (after.said, after.is_change) == ("Changed: Add task “Call”.", True)
    assert back.document["actions"] == [TASK, {**NOTE, "config": {"body": "Typed since"}}]


def test_what_only_adds_is_kept_and_not_offered_beside_it() -> None:
    after = undoing.press(DRAFT, "add:action:last", page())
    first = undoing.press(
        make.document({"uid": "a1", "action": "note.create"}),
        "choose:a1",
        page(shown=make.document({"uid": "a1", "action": ""})),
    )

    assert (len(after.kept), after.is_change) == (1, False)
    assert first.is_change is False


def test_what_changes_nothing_is_not_kept() -> None:
    for button in ("refresh", "remove:nobody", "up:a1", "match", "try", "enrol:count"):
        assert undoing.press(DRAFT, button, page()).kept == [], button


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"was": 3}', '{"was": {}, "said": 3}', "not json", "{" * 5000])
def test_what_is_not_readable_is_forgotten(kept: str) -> None:
    back = undoing.press(DRAFT, "undo", page([kept]))

    assert (back.document, back.said) == (DRAFT, "There is nothing to undo.")


def test_only_so_many_and_so_much_is_kept() -> None:
    kept: list[str] = []
    for _n in range(undoing.MOST + 3):
        kept = undoing.press(DRAFT, "copy:a1", page(kept)).kept
    large = make.document(make.action("a1", "note.create", body="x" * undoing.ROOM))

    assert len(kept) == undoing.MOST
    assert undoing.press(large, "copy:a1", page(kept)).kept == []


def test_what_is_posted_as_shown_may_be_anything() -> None:
    deep: Any = []
    for _n in range(150):
        deep = [{"uid": "x", "branch": [{"uid": "y", "then": deep}]}]

    for shown in (None, [], 5, {"actions": 3}, {"actions": deep}):
        assert undoing.press(DRAFT, "choose:a1", page(shown=shown)).document == DRAFT
