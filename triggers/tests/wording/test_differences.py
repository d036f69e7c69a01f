"""Two versions of a workflow, told apart in sentences."""

from typing import Any

import pytest

from triggers.tests import make
from triggers.wording.differences import differences

GERMAN = {"field": "contact.country", "op": "is", "value": "DE"}
FRENCH = {"field": "contact.country", "op": "is", "value": "FR"}
MAIL = {**make.action("m", "email.send", subject="Welcome", text="Good day"), "name": "Welcome"}
WAIT = make.action("w", "wait.duration", days=2)
CALL = make.action("c", "task.create", title="Call")
CASES = {"uid": "b", "branch": [{"uid": "b1", "if": GERMAN, "then": [CALL]}], "else": []}


def told(old: list[Any], new: list[Any], **settings: Any) -> list[str]:
    return differences(make.document(*old), make.document(*new, **settings))


def with_config(node: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {**node, "config": {**node["config"], **values}}


def test_nothing_differs() -> None:
    assert told([MAIL, CASES], [MAIL, CASES]) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ([MAIL], [with_config(MAIL, subject="Hello")], "Subject of “Welcome” changed from “Welcome” to “Hello”."),
        ([MAIL], [MAIL, WAIT], "“Wait 2 days” was added after “Welcome”."),
        ([MAIL], [WAIT, MAIL], "“Wait 2 days” was added at the beginning."),
        ([MAIL, WAIT], [MAIL], "“Wait 2 days” was removed."),
        ([MAIL, WAIT, CALL], [WAIT, CALL, MAIL], "“Welcome” was moved after “Add task ‘Call’”."),
        ([MAIL], [{**MAIL, "name": "Hello"}], "“Welcome” is now called “Hello”."),
        ([MAIL], [{**MAIL, "only_if": GERMAN}], "“Welcome” counts only if country is Germany."),
        ([{**MAIL, "only_if": GERMAN}], [MAIL], "“Welcome” asks for nothing more; before: country is Germany."),
        (
            [{**MAIL, "only_if": GERMAN}], [{**MAIL, "only_if": FRENCH}],
            "The conditions of “Welcome” changed from “country is Germany” to “country is France”.",
        ),
        ([MAIL], [{**MAIL, "on_error": "continue"}], "After a failure of “Welcome” the run goes on."),
        ([WAIT], [with_config(WAIT, hours=3)], "Hours of “Wait 2 days 3 hours” is now 3."),
        (
            [CASES], [{**CASES, "branch": [{"uid": "b1", "if": FRENCH, "then": [CALL]}]}],
            "A way of “Branch” changed from “country is Germany” to “country is France”.",
        ),
        ([CASES], [{**CASES, "else": [MAIL]}], "“Welcome” was added first under “Branch”, otherwise."),
    ],
)  # fmt: skip
def test_each_change_has_its_sentence(old: list[Any], new: list[Any], sentence: str) -> None:
    assert told(old, new) == [sentence]


def test_of_a_long_text_the_part_that_differs_is_told() -> None:
    long = "Good day, we are glad that you wrote to us and shall call within one working day. " * 2

    [sentence] = told([with_config(MAIL, text=long + "Bye")], [with_config(MAIL, text=long + "See you")])

    assert "within one working day. Bye”" in sentence
    assert "within one working day. See you”" in sentence


def test_starts_and_settings_are_told_in_words() -> None:
    old = make.document(MAIL, triggers=[{**make.TAGGED, "config": {"tags": ["VIP"]}}], reentry="every")
    new = make.document(
        MAIL, reentry="once_per_contact",
        triggers=[{**make.TAGGED, "conditions": GERMAN}, {"uid": "t2", "event": "contact.created", "config": {}}],
    )  # fmt: skip

    assert differences(old, new) == [
        "Which tag of “tag added” is no longer set; it was VIP.",
        "“tag added” counts only if country is Germany.",
        "It also starts with “contact created”.",
        "Same contact again changed from every to once per contact.",
    ]


@pytest.mark.parametrize(
    "wrong", [None, [], {"actions": 3, "triggers": "x", "settings": 4}, {"actions": [{"branch": 5}, {}]}]
)
def test_whatever_json_it_is_nothing_raises(wrong: Any) -> None:
    assert isinstance(differences(wrong, make.document(MAIL)), list)
    assert isinstance(differences(make.document(MAIL), wrong), list)


def test_switching_off_and_on_is_told() -> None:
    on, off = make.document(MAIL), make.document({**MAIL, "off": True})

    [switched_off], [switched_on] = differences(on, off), differences(off, on)

    assert switched_off.endswith("is switched off.")
    assert switched_on.endswith("is switched on again.")
