"""Reading a posted form: typed values, what is kept as JSON, and posts that no form of ours would make."""

from typing import Any

import pytest
from django.http import QueryDict

from triggers.admin.builder import posted
from triggers.tests import make
from triggers.tests.admin.builder import posting

pytestmark = pytest.mark.django_db
TRIGGER = {"uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]}, "conditions": None}
TASK = {"uid": "a1", "action": "task.create", "config": {"title": "Call", "due_in": 3}}


def document(*actions: Any, **more: Any) -> dict[str, Any]:
    return {"triggers": [TRIGGER], "actions": [*actions], **more}


def filled(source: Any, **values: str | list[str]) -> QueryDict:
    """The posted form of a document, with some of its inputs filled in by a person."""
    data = posting.posted(posting.rendered(source))
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def task(**values: Any) -> dict[str, Any]:
    found = posted.read(filled(document(TASK), **values))["actions"][0]["config"]
    assert isinstance(found, dict)
    return found


def test_numbers_texts_and_boxes_are_read_by_their_type() -> None:
    changed = task(**{
        "a1.title": "Ring", "a1.details": "one\r\ntwo", "a1.due_in:json": "5", "a1.unit": "hours",
        "a1.skip_weekends": ["", "true"],
    })  # fmt: skip

    assert changed == {"title": "Ring", "details": "one\ntwo", "due_in": 5, "unit": "hours", "skip_weekends": True}


def test_what_was_emptied_is_left_out_and_what_is_no_number_is_kept_for_the_check() -> None:
    assert task(**{"a1.due_in:json": ""}) == {"title": "Call", "due_in": None}
    assert task(**{"a1.due_in:json": "soon"}) == {"title": "Call", "due_in": "soon"}
    assert task(**{"a1.title": ""}) == {"title": "", "due_in": 3}


def test_a_tag_is_added_and_another_taken_out() -> None:
    changed = posted.read(filled(document(TASK), **{"t1.tags": ["", "Gold"]}))

    assert changed["triggers"][0]["config"] == {"tags": ["Gold"]}


def test_moving_a_card_on_the_page_moves_it_in_the_document() -> None:
    data = filled(document(TASK, {**TASK, "uid": "a2"}))
    tree = data.getlist("tree")
    first, second = tree.index("action:a1"), tree.index("action:a2")
    data.setlist("tree", tree[:first] + tree[second:] + tree[first:second])

    assert [node["uid"] for node in posted.read(data)["actions"]] == ["a2", "a1"]


@pytest.mark.parametrize("source", [
    document(TASK, mystery={"of": ["another", "release"]}),
    document({**TASK, "colour": "blue", "config": {"title": "Call", "tone": 1}}),
    document({"uid": "a1", "action": "gone.away", "config": {"to": ["x"]}, "outcomes": {"late": [TASK | {"uid": "a2"}]}}),
    document({"uid": "a1", "action": "task.create", "config": "none"}),
    document({"uid": "a1", "action": "task.create", "config": {"title": ["list"], "due_in": {"a": 1}, "unit": 4}}),
    document({"uid": "a1", "action": "task.create", "branch": [], "config": {}}, "no object", None, 7),
    document(TASK, exits="none", settings=[]),
    document(TASK, settings={"windows": [{"from": "09:00", "weekdays": [5, 1], "holidays": True}, "x"], "timezone": 3}),
    document({"uid": "b", "branch": [{"uid": "c", "if": {"any": []}, "then": "x"}]}),
    document({"uid": "s", "split": [{"uid": "c", "weight": "lots", "then": [TASK]}], "name": "Half"}),
    document({**TASK, "on_error": "panic", "only_if": {"field": "contact.email", "op": "like", "value": {"a": 1}}}),
    document({**TASK, "config": {"title": "</textarea><script>\n\n", "details": "\n\n  a", "due_in": True, "at": "1e3"}}),
    {"triggers": [{**TRIGGER, "event": "no.event", "config": {"a": 1}}, {**TRIGGER, "uid": "t2", "event": 5}]},
    {"triggers": [{**TRIGGER, "config": {"tags": [1, "", None, True]}}], "actions": []},
    {"actions": [TASK]},
])  # fmt: skip
def test_what_no_control_can_say_comes_back_untouched(source: Any) -> None:
    assert posted.read(posting.posted(posting.rendered(source))) == source


def test_entries_without_a_proper_name_get_one() -> None:
    source = document({"action": "goal", "config": {}}, {**TASK, "uid": "t1"}, {**TASK, "uid": "no good"})

    again = posted.read(posting.posted(posting.rendered(source)))

    assert [node["uid"] for node in again["actions"]] == ["a1", "a2", "a3"]


@pytest.mark.parametrize("text", [
    "tree=end&tree=end&tree=action:a1", "tree=action:&~document:extra=[1", "tree=" + "action:x&tree=" * 3000,
    "tree=trigger:t1&t1:event=contact.tag_added&t1.tags:raw={&tree=if:t1~conditions&tree=group:t1~conditions"
    "&tree=row:x&x.op=between&x.from:json=NaN",
    "tree=action:a1&a1:action=contact.assign&a1.members:row=a1.members.0&a1.members:row=",
])  # fmt: skip
def test_no_post_raises(text: str) -> None:
    assert isinstance(posted.read(QueryDict(text)), dict)


def test_every_text_of_a_person_is_escaped() -> None:
    nasty = '"><script>alert(1)</script>'
    source = document({**TASK, "name": nasty, "config": {"title": nasty, nasty: nasty}}, make.action("b", nasty))

    assert "<script>" not in posting.rendered(source)
