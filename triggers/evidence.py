"""What a condition may look at: the event's frozen payload, and its objects as they are now.

`lookup` says which fields exist for an event type; `gather` loads their values for many events at once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from triggers.conditions.fields import Change, Field, Kind, Lookup
from triggers.conditions.tree import fields_of
from triggers.event_types import EventType
from triggers.event_types import events as event_types
from triggers.facts import Loading, looked_up, sources
from triggers.models.event import Event

Facts = dict[str, Any]

# What every event carries, whatever its type.
COMMON: Mapping[str, Field] = {
    "actor": Field(Kind.CHOICE, _("by"), choices=tuple(Event.Actor.choices)),
    "origin": Field(Kind.TEXT, _("origin")),
    "type": Field(Kind.TEXT, _("event type")),
    "occurred_at": Field(Kind.DATETIME, _("happened")),
}


def namespaces_of(kind: type[EventType]) -> list[str]:
    """The fact namespaces that an event of this type is about: those whose id its payload holds."""
    return [name for name, source in sources.items() if f"{source.of or name}_id" in kind.model_fields]


def namespaces_in(tree: Any) -> set[str]:
    """The fact namespaces that a checked tree asks about: what has to be loaded before it is judged."""
    return {name.partition(".")[0] for name in fields_of(tree)} & sources.keys()


def lookup(*kinds: type[EventType]) -> Lookup:
    """The fields that conditions on any of these event types may name: `event.…` and their objects'."""
    namespaces = {name: sources[name].lookup() for kind in kinds for name in namespaces_of(kind)}
    payloads = [looked_up(kind.fields, kind.own_fields) for kind in kinds]
    free = {name for kind in kinds for name, info in kind.model_fields.items() if _is_free(info.annotation)}

    def find(name: str) -> Field | None:
        namespace, _dot, rest = name.partition(".")
        if namespace == "event":
            declared = next((field for fields in payloads if (field := fields(rest))), None) or COMMON.get(rest)
            return declared or (Field(Kind.ANY, rest) if _within(rest, free) else None)
        return namespaces[namespace](rest) if namespace in namespaces else None

    return find


def all_fields(*kinds: type[EventType]) -> dict[str, Field]:
    """Every declared field by dotted name, for builders and catalogues."""
    found = {
        f"event.{name}": field for kind in kinds for name, field in (kind.fields() | dict(kind.own_fields())).items()
    }
    found |= {f"event.{name}": field for name, field in COMMON.items()}
    for namespace in {name for kind in kinds for name in namespaces_of(kind)}:
        source = sources[namespace]
        found |= {f"{namespace}.{n}": field for n, field in {**source.fields(), **source.own_fields()}.items()}
    return found


class Payloads:
    """The fields of event types for one batch: those that staff defined are read once, and only where they are met."""

    def __init__(self) -> None:
        self._lookups: dict[str, Callable[[str], Field | None]] = {}

    def kind_of(self, kind: type[EventType] | None, name: str) -> Kind:
        """What the field of a changed event is; one that nobody knows any more counts as text."""
        if kind is None:
            return Kind.TEXT
        if kind.key not in self._lookups:
            self._lookups[kind.key] = looked_up(kind.fields, kind.own_fields)
        field = self._lookups[kind.key](name)
        return field.kind if field else Kind.TEXT


def event_facts(event: Event, payloads: Payloads | None = None) -> Facts:
    """`event.…` as it was frozen: the payload with its types, the changes, and what all events carry."""
    kind = event_types.get(event.type)
    facts: Facts = {
        "event.actor": event.actor,
        "event.origin": event.origin,
        "event.type": event.type,
        "event.occurred_at": event.occurred_at,
    }
    for name, value in _payload(kind, event.data).items():
        flatten(f"event.{name}", value, facts)
    changes = _changes(kind, event, payloads or Payloads())
    return facts | {f"event.{name}": change for name, change in changes.items()}


def event_values(event: Event) -> dict[str, Any]:
    """The same as a message names it after `event.`: objects and lists whole, a change as its new value."""
    kind = event_types.get(event.type)
    values = {"actor": event.actor, "origin": event.origin, "type": event.type, "occurred_at": event.occurred_at}
    values |= _payload(kind, event.data)
    return values | nested({name: change.new for name, change in _changes(kind, event, Payloads()).items()})


def gather(events: Iterable[Event], namespaces: Collection[str]) -> dict[int, Facts]:
    """All facts of each event by its id: frozen payload plus the named namespaces, one load each."""
    events, payloads, loading = list(events), Payloads(), Loading()
    found = {event.pk: event_facts(event, payloads) for event in events}
    for namespace in namespaces:
        ids = {event.pk: sources[namespace].id_of(event.data, event.contact_id) for event in events}
        loaded = loading.load(namespace, {key for key in ids.values() if key is not None})
        for event_id, key in ids.items():
            for name, value in loaded.get(key, {}).items() if key is not None else ():
                found[event_id][f"{namespace}.{name}"] = value
    return found


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted facts as the nested dicts a message template reads."""
    tree: dict[str, Any] = {}
    for name, value in facts.items():
        *parents, leaf = name.split(".")
        place = tree
        for part in parents:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                break
        else:
            place[leaf] = sorted(value) if isinstance(value, set | frozenset) else value
    return tree


def _payload(kind: type[EventType] | None, data: dict[str, Any]) -> dict[str, Any]:
    if kind is None:
        return data
    try:
        parsed = kind.model_validate(data)
    except ValidationError:
        # Stored under an older schema of the type: what is there still counts.
        return data
    return {name: getattr(parsed, name) for name in kind.model_fields}


def flatten(name: str, value: Any, facts: Facts) -> None:
    """Adds a value by dotted name, and the parts of objects and lists: `body.items.0.name`."""
    if isinstance(value, dict):
        for key, child in value.items():
            flatten(f"{name}.{key}", child, facts)
    elif isinstance(value, list):
        facts[name] = [item for item in value if not isinstance(item, dict | list)]
        for index, child in enumerate(value[:20]):
            flatten(f"{name}.{index}", child, facts)
    else:
        facts[name] = value


def _changes(kind: type[EventType] | None, event: Event, payloads: Payloads) -> dict[str, Change]:
    return {
        name: Change(*(_typed(payloads.kind_of(kind, name), pair[side]) for side in ("old", "new")))
        for name, pair in event.changes.items()
    }


def _typed(kind: Kind, value: Any) -> Any:
    """A JSON value as the type its field is judged in; text that does not parse counts as not known."""
    if not isinstance(value, str):
        return value
    try:
        if kind is Kind.DATE:
            return date.fromisoformat(value[:10])
        if kind is Kind.DATETIME:
            return datetime.fromisoformat(value)
        if kind in (Kind.NUMBER, Kind.MONEY):
            return Decimal(value)
    except (ValueError, InvalidOperation):
        return None
    return value


def _is_free(annotation: Any) -> bool:
    return "dict" in str(annotation)


def _within(name: str, free: Collection[str]) -> bool:
    return any(name.startswith(f"{root}.") for root in free)
