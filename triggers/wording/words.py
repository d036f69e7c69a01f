"""The engine's words for a person: what events and actions are called, and how values are written."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from triggers import registry
from triggers.action_types import Action
from triggers.event_types import EventType


def event_label(key: str) -> str:
    """What staff call an event type; its key where the code is gone."""
    kind = registry.events.get(key)
    return str(kind.label) if kind else key


def action_label(key: str) -> str:
    kind = registry.actions.get(key)
    return str(kind.label) if kind else key


def section(kind: type[EventType] | type[Action]) -> str:
    """The heading that a type stands under in lists of types."""
    return _(kind.section) if kind.section else ""


def about(kind: type[EventType] | type[Action]) -> str:
    """What a type is, in the sentence or two that its description begins with."""
    text = first_paragraph(kind.description())
    return _(text) if text else ""


def first_paragraph(description: str) -> str:
    """In one line, as the catalogue of texts has it."""
    return " ".join(description.split("\n\n")[0].split())


def within(label: str) -> str:
    """A label inside a sentence: English writes it small there, unless it is an abbreviation."""
    if not (get_language() or "en").startswith("en") or label[1:2].isupper():
        return label
    return label[:1].lower() + label[1:]


def shown(value: Any) -> str:
    """A value as a reader sees it: lists with commas, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {shown(item)}" for key, item in value.items())
    return quoted(value) if isinstance(value, str) else str(value)


def quoted(text: str) -> str:
    """In the quotation marks of the language."""
    return _("“%(text)s”") % {"text": text}
