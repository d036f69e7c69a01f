"""An event in words: what happened, its telling details, and what changed from what to what."""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from triggers import evidence, registry
from triggers.conditions.fields import Field, Kind
from triggers.event_types import EventType
from triggers.facts import looked_up
from triggers.models.event import Event
from triggers.models.run import Miss
from triggers.wording import moments

DETAILS: Final = 2
LONG: Final = 60
MARK: Final = re.compile(r"[a-z]+:\d+")


@dataclass(frozen=True)
class Change:
    """One field that got another value, in words."""

    label: str
    old: str
    new: str


def label(event: Event) -> str:
    """What happened; the type's key where its code is gone."""
    kind = registry.events.get(event.type)
    return str(kind.named(event.data)) if kind else event.type


def moment_of(event: Event) -> str:
    """The event with what tells it from others and its moment: Tag added (VIP), today 10:14."""
    said = details(event)
    named = f"{label(event)} ({said})" if said else label(event)
    return f"{named}, {moments.short(event.occurred_at)}"


def details(event: Event) -> str:
    """What tells this event from others of its type: the tag, the title, what changed."""
    if event.changes:
        told = [_("%(label)s: %(old)s → %(new)s") % vars(change) for change in changes(event)]
        return Truncator(", ".join(told)).chars(200)
    kind = registry.events.get(event.type)
    fields = kind.fields() if kind else {}
    # Who did it, as `by_whom` marks it, stands before the event already.
    telling = [
        value_in_words(value, fields.get(name))
        for name, value in _in_order(event)
        if isinstance(value, str) and value and not name.endswith("_id")
        if not _is_moment(value) and not MARK.fullmatch(value)
    ]
    return ", ".join(Truncator(value).chars(LONG) for value in telling[:DETAILS])


def changes(event: Event) -> list[Change]:
    """Every changed field with its label, and the old and the new value as a reader sees them."""
    kind = registry.events.get(event.type)
    find = looked_up(kind.fields, kind.own_fields) if kind else lambda name: None
    return [
        Change(
            capfirst(str(field.label)) if field else _spelt(name),
            _valued(change.get("old"), field, kind, name),
            _valued(change.get("new"), field, kind, name),
        )
        for name, change in event.changes.items()
        if isinstance(change, dict)
        for field in [find(name)]
    ]


def payload(event: Event) -> list[tuple[str, str]]:
    """The payload as label and value in the order its type declares, the numbers of records left out."""
    kind = registry.events.get(event.type)
    fields = kind.fields() if kind else {}
    return [
        (capfirst(str(fields[name].label)) if name in fields else _spelt(name), value_in_words(value, fields.get(name)))
        for name, value in _in_order(event)
        if value not in (None, "", [], {}) and not name.endswith("_id") and not isinstance(value, dict)
    ]


def _in_order(event: Event) -> list[tuple[str, Any]]:
    """The payload as its type declares it: PostgreSQL keeps the keys of a JSON object in an order of its own."""
    kind = registry.events.get(event.type)
    names = (*kind.told_first(event.data), *kind.fields()) if kind else ()
    declared = {name: place for place, name in reversed(list(enumerate(names)))}
    return sorted(event.data.items(), key=lambda item: (declared.get(item[0], len(declared)), item[0]))


def why_not_started(miss: Miss, event: Event | None) -> str:
    """Why an event did not start a workflow, under the condition's label: Country was empty, …"""
    if not miss.field:
        return miss.reason
    kind = registry.events.get(event.type) if event else None
    field = evidence.lookup(kind)(miss.field) if kind else None
    told = {
        "label": capfirst(str(field.label)) if field else miss.field,
        "actual": value_in_words(miss.actual, field), "expected": value_in_words(_plain(miss.expected), field),
    }  # fmt: skip
    return _("%(label)s was %(actual)s, the workflow asks for %(expected)s.") % told


def value_in_words(value: Any, field: Field | None = None) -> str:
    """A stored value as a reader sees it; nothing is “empty”."""
    if value is None or value == "" or value == [] or value == {}:
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value_in_words(item, field) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {value_in_words(item)}" for key, item in value.items())
    if field and field.called and isinstance(value, str):
        return field.called(value)
    if field and field.choices:
        return str(dict(field.choices).get(str(value), value))
    if isinstance(value, str) and _is_moment(value):
        moment = parse_datetime(value)
        assert moment is not None
        return formats.date_format(timezone.localtime(moment) if moment.tzinfo else moment, "DATETIME_FORMAT")
    return str(value)


def _valued(value: Any, field: Field | None, kind: type[EventType] | None, name: str) -> str:
    if field and field.kind is Kind.REF and isinstance(value, int):
        return _record(field.refers_to, getattr(kind, "model", ""), name, value)
    return value_in_words(value, field)


@lru_cache(maxsize=256)
def _related(model: str, name: str) -> Any:
    try:
        return apps.get_model(model)._meta.get_field(name).related_model
    except (FieldDoesNotExist, LookupError, ValueError):
        return None


def _record(refers_to: str, model: str, name: str, pk: int) -> str:
    """What a referenced record is called; its number where it is gone."""
    related = apps.get_model(refers_to) if refers_to else _related(model, name) if model else None
    found = related._default_manager.filter(pk=pk).first() if related else None
    return str(getattr(found, "get_full_name", lambda: "")() or found) if found else str(pk)


def _plain(text: str) -> Any:
    """A list that was kept as text, as the list it was."""
    try:
        return ast.literal_eval(text) if text.startswith("[") else text
    except (SyntaxError, ValueError):
        return text


def _is_moment(value: str) -> bool:
    return len(value) >= 19 and value[4:5] == "-" and value[10:11] == "T" and parse_datetime(value) is not None


def _spelt(name: str) -> str:
    return capfirst(name.replace("_", " "))
