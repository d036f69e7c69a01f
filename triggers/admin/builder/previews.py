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
from triggers.admin.builder.conditions import Offer
from triggers.admin.builder.controls import Control
from triggers.conditions.fields import Change
from triggers.explaining import dry_run, examples
from triggers.facts import sources
from triggers.models.event import Event
from triggers.models.run import Run
from triggers.run_context import RunContext
from triggers.text import TextError
from triggers.wording import people, telling
from triggers.wording.telling import value_in_words
from triggers.workflows.document import Document, Node, Settings, objects

MARKED: Final = ("{{", "{%")
LONG: Final = 400
# Of a contact's events, those that can be chosen; and the choice of one that has not happened.
EVENTS: Final = 20
NEW: Final = "new"


@dataclass(frozen=True)
class MergeField:
    """A field that a text may name, with what it holds for the example contact."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Wished:
    """For whom and with which event a page is read, as it was posted: words of the contact's, ids as text."""

    words: str = ""
    contact: str = ""
    event: str = ""


class Example:
    """The contact that previews are read for: the one asked for, else the first there is; and its event.

    Nobody, where nothing is `wished`: whoever looks may not see contacts. `found` are the contacts that the words
    may mean, by id and name, `missed` words that mean nobody; `events` the contact's newest that would start the
    workflow, by id and words.
    """

    def __init__(self, document: Mapping[str, Any], wished: Wished | None, now: datetime) -> None:
        self.document, self.words = document, wished.words if wished else ""
        meant = _meant(wished) if wished else []
        self.missed = self.words if self.words.strip() and not meant else ""
        ids = meant or (_anybody() if wished else [])
        chosen = int(wished.contact) if wished and wished.contact.isdecimal() else 0
        self.contact_id = chosen if chosen in ids else next(iter(ids), None)
        names = people.contact_names(ids)
        self.name = names.get(self.contact_id or 0, "")
        self.found = [(key, names[key]) for key in ids] if len(ids) > 1 else []
        past = _past(document, self.contact_id)
        self.events = [(each.pk, telling.moment_of(each)) for each in past]
        self.event = _event(document, self.contact_id, past, wished.event if wished else "", now)
        node = Node("preview", "data.format", {})
        run = Run(event=self.event, contact_id=self.contact_id, vars={}, heard=0)
        doc = Document((), (), (), Settings(), {node.uid: node})
        self.context = RunContext(run, self.event, doc, node, dry_run.NO_KEY, now, dry=True)

    def reads(self, text: str) -> str:
        """The text as this contact reads it; empty where it has no merge fields or cannot be rendered."""
        if not self.contact_id or not any(mark in text for mark in MARKED):
            return ""
        try:
            return Truncator(strip_tags(self.context.render(text)).strip()).chars(LONG)
        except TextError:
            return ""

    def fields(self, offer: Offer) -> list[tuple[str, list[MergeField]]]:
        """The merge fields on offer, by what they are about."""
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


def _meant(wished: Wished) -> list[int]:
    """Whom the words may mean."""
    return people.matching_contacts(wished.words) if wished.words.strip() and "contact" in sources else []


def _anybody() -> list[int]:
    """The first contact there is."""
    source = sources.get("contact")
    return source.ids(Q(), 0, 1) if source else []


def _past(document: Mapping[str, Any], contact_id: int | None) -> list[Event]:
    """The contact's newest events of the types that start the workflow."""
    if contact_id is None:
        return []
    kinds = set(offers.event_keys(document))
    return list(Event.objects.filter(contact_id=contact_id, type__in=kinds).order_by("-id")[:EVENTS])


def _event(
    document: Mapping[str, Any], contact_id: int | None, past: list[Event], wished: str, now: datetime
) -> Event:  # fmt: skip
    """The event asked for, or the newest; one made up where that is asked for, or nothing has happened yet."""
    found = next((each for each in past if str(each.pk) == wished), None)
    if found is None and past and wished != NEW:
        found = past[0]
    return found or _made_up(document, contact_id, now)


def _made_up(document: Mapping[str, Any], contact_id: int | None, now: datetime) -> Event:
    entry = next((each for each in objects(document.get("triggers")) if each.get("event") in registry.events), None)
    try:
        if entry is not None:
            return examples.fitting(entry["event"], entry.get("config"), contact_id=contact_id, now=now)
    except (ValidationError, TypeError, AttributeError):
        # The draft's options are not right yet.
        pass
    key = entry["event"] if entry else "workflow.enrolled"
    try:
        return examples.event(key, contact_id=contact_id, now=now)
    except ValidationError:
        return examples.event("workflow.enrolled", contact_id=contact_id, now=now)
