"""Which fields conditions and texts of a draft may name, and how to look them up: for a trigger, and within a run."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from triggers import evidence, registry
from triggers.admin.builder.conditions import Offer
from triggers.admin.builder.finding import children
from triggers.conditions.fields import Field, Lookup
from triggers.event_types import EventType
from triggers.run_context import run_lookup
from triggers.workflows.document import Document, Entry, Node, Settings


def of_event(key: Any) -> tuple[Offer, Lookup]:
    """What the conditions of a trigger, an exit or a wait for this event may ask."""
    kind = registry.events.get(key) if isinstance(key, str) else None
    kinds = [kind] if kind else []
    return grouped(kinds), evidence.lookup(*kinds)


def within_run(document: Mapping[str, Any]) -> tuple[Offer, Lookup]:
    """What actions may ask: the fields of all triggers, the run's contact, and what its actions bring in."""
    entries = [Entry("", key, {}, None) for key in event_keys(document)]
    actions = {key for key in _actions(document.get("actions")) if key in registry.actions}
    nodes = {key: Node(key, key, {}) for key in actions}
    adopted = {name for key in actions for name in registry.actions[key].adopts}
    kinds = [registry.events[entry.event] for entry in entries]
    find = run_lookup(Document(tuple(entries), (), (), Settings(), nodes))
    return grouped(kinds, {"contact", *adopted}), find


def grouped(kinds: Iterable[type[EventType]], namespaces: Iterable[str] = ()) -> Offer:
    """The fields by what they are about, contacts first and the event last."""
    kinds = list(kinds)
    found: dict[str, dict[str, Field]] = {}
    for name in namespaces:
        source = registry.facts.get(name)
        if source is not None:
            found[name] = {f"{name}.{n}": field for n, field in {**source.fields(), **source.own_fields()}.items()}
    for name, field in evidence.all_fields(*kinds).items() if kinds else ():
        found.setdefault(name.partition(".")[0], {})[name] = field
    in_order = sorted(found.items(), key=lambda part: (part[0] == "event", part[0] != "contact", part[0]))
    return [(_label(name), fields) for name, fields in in_order]


def _label(namespace: str) -> str:
    source = registry.facts.get(namespace)
    return str(source.label) if source else _("This event")


def event_keys(document: Mapping[str, Any]) -> Iterator[str]:
    """The event types that start the draft and exist."""
    triggers = document.get("triggers")
    for entry in triggers if isinstance(triggers, list) else ():
        key = entry.get("event") if isinstance(entry, Mapping) else None
        if isinstance(key, str) and key in registry.events:
            yield key


def _actions(nodes: Any, depth: int = 0) -> Iterator[str]:
    for node in nodes if isinstance(nodes, list) and depth < 20 else ():
        if not isinstance(node, dict):
            continue
        if isinstance(node.get("action"), str):
            yield node["action"]
        for inner in children(node):
            yield from _actions(inner, depth + 1)
