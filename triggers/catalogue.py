"""The catalogue: every event and action type with its schema and fields, from the registry alone."""

from typing import Any

from triggers import registry
from triggers.action_types import Action
from triggers.conditions.fields import Field, operators
from triggers.event_types import EventType
from triggers.evidence import all_fields
from triggers.explaining import examples


def catalogue() -> dict[str, list[dict[str, Any]]]:
    """`{"events": […], "actions": […]}`, sorted by key; what the API, the command and the docs show."""
    return {
        "events": [event_entry(kind) for _key, kind in sorted(registry.events.items())],
        "actions": [action_entry(kind) for _key, kind in sorted(registry.actions.items())],
    }


def event_entry(kind: type[EventType]) -> dict[str, Any]:
    """One event type: its words, payload schema, options, condition fields and an example."""
    return {
        "key": kind.key,
        "label": str(kind.label),
        "section": kind.section,
        "description": kind.description(),
        "immediate": kind.immediate,
        "payload": kind.model_json_schema(),
        "options": kind.Options.model_json_schema(),
        "fields": [_field(name, field) for name, field in sorted(all_fields(kind).items())],
        "example": examples.payload(kind),
    }


def action_entry(kind: type[Action]) -> dict[str, Any]:
    """One action type: its words, config schema, how often it can happen, and what it may cause."""
    return {
        "key": kind.key,
        "label": str(kind.label),
        "section": kind.section,
        "description": kind.description(),
        "touches": kind.touches,
        "outcomes": list(kind.outcomes),
        "may_cause": list(kind.may_cause),
        "config": kind.model_json_schema(),
    }


def _field(name: str, field: Field) -> dict[str, Any]:
    return {
        "name": name,
        "label": str(field.label),
        "kind": str(field.kind),
        "operators": [operator.key for operator in operators(field)],
        "choices": [[value, str(label)] for value, label in field.choices],
    }
