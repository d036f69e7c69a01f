"""Laying out and reading back are one another's inverse, for every kind, every example of the docs, and wrong JSON."""

import json
from typing import Any

import pytest

from concours.tests import pages
from triggers import registry
from triggers.admin.builder import posted
from triggers.explaining import examples
from triggers.tests.admin.builder import posting

pytestmark = pytest.mark.django_db

TRIGGER = {"uid": "t1", "event": "webhook.received", "config": {}}


def documents() -> list[Any]:
    """The examples of the docs, single entries and actions put into a document."""
    found = []
    for block in pages.blocks("json"):
        if "workflow-document.md" not in block.where:
            continue
        data = json.loads(block.text)
        if "triggers" in data:
            found.append(data)
        elif "event" in data:
            found.append({"triggers": [data], "actions": []})
        elif "uid" in data:
            found.append({"triggers": [TRIGGER], "actions": [data]})
        else:
            found.append({"triggers": [{**TRIGGER, "conditions": data}], "actions": []})
    return found


def again(document: Any) -> Any:
    return posted.read(posting.posted(posting.rendered(document)))


@pytest.mark.parametrize("document", documents(), ids=lambda document: json.dumps(document)[:60])
def test_examples_of_the_docs_come_back(document: Any) -> None:
    assert again(document) == document


@pytest.mark.parametrize("key", sorted(set(registry.actions) - {"branch", "split"}))
def test_every_action_type_comes_back(key: str) -> None:
    kind = registry.actions[key]
    bare = {"uid": "a1", "action": key, "config": examples.action_config(kind)}
    full = {
        "uid": "a2",
        "action": key,
        "config": {
            n: i.get_default(call_default_factory=True) for n, i in kind.model_fields.items() if not i.is_required()
        },
    }
    document = json.loads(json.dumps({"triggers": [TRIGGER], "actions": [bare, full], "settings": {}}, default=str))

    assert again(document) == document


@pytest.mark.parametrize("key", sorted(registry.events))
def test_every_event_type_comes_back(key: str) -> None:
    kind = registry.events[key]
    entry = {"uid": "t1", "event": key, "config": kind.Options().model_dump(mode="json"), "conditions": None}
    document = {
        "triggers": [{"uid": "t0", "event": key, "config": {}}, entry],
        "exits": [{**entry, "uid": "x1"}],
        "actions": [],
    }

    assert again(document) == document


@pytest.mark.parametrize("off", [True, False, "yes", None, 1])
def test_what_is_switched_off_comes_back(off: object) -> None:
    document = {"actions": [{"uid": "a1", "action": "data.set", "config": {"values": {"a": "b"}}, "off": off}]}

    assert again(document) == document
