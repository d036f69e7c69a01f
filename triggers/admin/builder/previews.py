"""What texts read like for a real contact, and what each merge field holds for it. Writes and sends nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.text import Truncator
from pydantic import ValidationError

from triggers import registry
from triggers.admin.builder import offers
from triggers.admin.builder.cards import Form
from triggers.admin.builder.controls import Control
from triggers.conditions.fields import Change
from triggers.explaining import dry_run, examples
from triggers.facts import sources
from triggers.models.event import Event
from triggers.models.run import Run
from triggers.run_context import RunContext
from triggers.text import TextError
from triggers.wording import people
from triggers.wording.telling import value_in_words
from triggers.workflows.document import Document, Node, Settings

MARKED: Final = ("{{", "{%")
LONG: Final = 400


@dataclass(frozen=True)
class MergeField:
    """A field that a text may name, with what it holds for the example contact."""

    name: str
    label: str
    value: str


class Example:
    """The contact that previews are read for: the one asked for, else the first there is; and its event.

    Nobody, where `words` is None: whoever looks may not see contacts.
    """

    def __init__(self, document: Mapping[str, Any], words: str | None, now: datetime) -> None:
        self.document, self.words = document, words or ""
        self.contact_id = None if words is None else _contact(words)
        self.name = people.contact_name(self.contact_id) if self.contact_id else ""
        node = Node("preview", "data.format", {})
        event = _event(document, self.contact_id, now)
        run = Run(event=event, contact_id=self.contact_id, vars={}, heard=0)
        doc = Document((), (), (), Settings(), {node.uid: node})
        self.context = RunContext(run, event, doc, node, dry_run.NO_KEY, now, dry=True)

    def reads(self, text: str) -> str:
        """The text as this contact reads it; empty where it has no merge fields or cannot be rendered."""
        if not self.contact_id or not any(mark in text for mark in MARKED):
            return ""
        try:
            return Truncator(strip_tags(self.context.render(text)).strip()).chars(LONG)
        except TextError:
            return ""

    def fields(self) -> list[tuple[str, list[MergeField]]]:
        """The merge fields by what they are about."""
        offer, _find = offers.within_run(self.document)
        return [
            (
                label,
                [
                    MergeField(name, str(field.label), "" if field.sensitive else self._value(name))
                    for name, field in fields.items()
                ],
            )
            for label, fields in offer
        ]

    def _value(self, name: str) -> str:
        value = self.context.facts.get(name)
        value = value.new if isinstance(value, Change) else sorted(value) if isinstance(value, set) else value
        return Truncator(value_in_words(value)).chars(40) if value not in (None, "", []) else ""


def show(form: Form, example: Example) -> None:
    """Puts below each text what the example contact reads there."""
    for control in _texts(form):
        control.is_text = True
        control.preview = example.reads(control.value)


def _texts(form: Form) -> Iterator[Control]:
    for card in form.cards():
        kind = registry.actions.get(card.key) if card.sort == "action" else None
        for control in card.fields.controls if kind is not None and card.fields is not None else ():
            if control.setting.name in kind.texts and control.sort == "text":  # type: ignore[union-attr]
                yield control


def _contact(words: str) -> int | None:
    source = sources.get("contact")
    if source is None:
        return None
    found = people.matching_contacts(words, 1) if words.strip() else []
    return next(iter(found or source.ids(Q(), 0, 1)), None)


def _event(document: Mapping[str, Any], contact_id: int | None, now: datetime) -> Event:
    """The contact's last event of a type that starts the workflow; else an example of it."""
    key = next(iter(offers.event_keys(document)), "workflow.enrolled")
    last = Event.objects.filter(type=key, contact_id=contact_id).order_by("-id").first() if contact_id else None
    try:
        return last or examples.event(key, contact_id=contact_id, now=now)
    except ValidationError:
        return examples.event("workflow.enrolled", contact_id=contact_id, now=now)
