"""An example of any event or action type: for docs, the API's schema, and dry runs without a past event."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, get_args, get_origin

from django.utils import timezone
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from triggers import registry
from triggers.action_types import Action
from triggers.event_types import EventType
from triggers.models.event import Event

_SAMPLES: dict[Any, Any] = {
    int: 1,
    str: "text",
    bool: True,
    float: 1.5,
    Decimal: "1.50",
    date: "2026-05-04",
    datetime: "2026-05-04T09:30:00Z",
}
_NAMED = {
    "first_name": "Anna", "last_name": "Schmidt", "email": "anna@example.org", "phone": "+4930123456",
    "country": "DE", "source": "website", "tag": "VIP", "title": "Call Anna", "body": "She asks for an offer.",
}  # fmt: skip

ASKED_PLAINLY: Final = ("is", "is_any_of", "eq", "gte", "lte")
_SETTINGS = {
    "cases": [{"uid": "c1", "weight": 1, "if": {"field": "contact.email", "op": "is_set"}}],
    "event": "workflow.enrolled", "into": "result", "left": "1", "right": "2", "tags": ["VIP"],
    "values": {"first_name": "Anna"}, "workflow": "welcome",
}  # fmt: skip


def payload(kind: type[EventType], **values: Any) -> dict[str, Any]:
    """A payload that the type accepts; `values` replace the sample ones where the type has such a field."""
    data = {name: _sample(name, info.annotation) for name, info in kind.model_fields.items()}
    data |= {name: value for name, value in values.items() if name in kind.model_fields}
    return kind.model_validate(data).model_dump(mode="json")


def event(key: str, *, contact_id: int | None = None, now: datetime | None = None, **values: Any) -> Event:
    """An event row that is not stored, about this contact."""
    kind = registry.events.find(key)
    given = {"contact_id": contact_id, **values} if contact_id is not None else values
    subject_type, subject_id = kind.model_validate(payload(kind, **given)).subject()
    return Event(
        pk=0, type=key, data=payload(kind, **given), contact_id=contact_id, occurred_at=now or timezone.now(),
        subject_type=subject_type, subject_id=subject_id,
    )  # fmt: skip


def fitting(key: str, config: Any, *, contact_id: int | None = None, now: datetime | None = None) -> Event:
    """An example event that a trigger with these options accepts, as far as they ask for plain values."""
    kind = registry.events.find(key)
    asked = kind.narrow(kind.Options.model_validate(config or {})) or {}
    values = dict(_plainly_asked(asked))
    try:
        return event(key, contact_id=contact_id, now=now, **values)
    except ValidationError:
        return event(key, contact_id=contact_id, now=now)


def _plainly_asked(tree: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The event's fields that have to have a value, with one that they may have."""
    for child in tree.get("all", [tree]):
        if "all" in child:
            yield from _plainly_asked(child)
        elif child.get("op") in ASKED_PLAINLY and str(child["field"]).startswith("event."):
            value = child["value"]
            yield child["field"].removeprefix("event."), value[0] if isinstance(value, list) and value else value


def action_config(kind: type[Action]) -> dict[str, Any]:
    """The smallest settings that the action type accepts, sampled from its fields.

    A field's own `examples` come first. Types whose settings need one of several optional fields get the first
    that does; settings that name a row, such as a workflow, name one that may not exist.
    """
    sampled = {name: _setting(name, info) for name, info in kind.model_fields.items()}
    needed = {name: value for name, value in sampled.items() if kind.model_fields[name].is_required()}
    accepted = []
    for more in ({}, *({name: value} for name, value in sampled.items() if name not in needed), sampled):
        try:
            config = kind.model_validate(needed | more)
        except ValidationError:
            continue
        accepted.append(needed | more)
        if not config.problems("a1"):
            return needed | more
    return accepted[0]


def _setting(name: str, info: FieldInfo) -> Any:
    if info.examples:
        return info.examples[0]
    return _SETTINGS[name] if name in _SETTINGS else _sample(name, info.annotation)


def _sample(name: str, annotation: Any) -> Any:
    annotation = getattr(annotation, "__origin__", annotation) if _is_annotated(annotation) else annotation
    plain = [part for part in get_args(annotation) if part is not type(None)]
    if name in _NAMED and annotation is str:
        return _NAMED[name]
    if type(None) in get_args(annotation):
        return _sample(name, plain[0]) if len(plain) == 1 else None
    if annotation in _SAMPLES:
        return _SAMPLES[annotation]
    if get_origin(annotation) is list:
        return []
    if plain and not isinstance(plain[0], type) and not _is_annotated(plain[0]):
        return plain[0]
    return {} if "dict" in str(annotation) else []


def _is_annotated(annotation: Any) -> bool:
    return hasattr(annotation, "__metadata__")
