"""The next five firings of each time-based trigger of a draft, for the person who sets it up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from triggers import registry, scanning
from triggers.event_types import Due
from triggers.wording import people


@dataclass(frozen=True)
class Next:
    """A trigger by its label, and when it would fire next for whom: moment, name, page."""

    label: str
    rows: list[tuple[datetime, str, str]]


def next_firings(document: Any, now: datetime) -> list[Next]:
    """What the clock would bring next if the document were live; triggers whose options are wrong are left out."""
    return list(_each(document, now))


def _each(document: Any, now: datetime) -> Iterator[Next]:
    triggers = document.get("triggers") if isinstance(document, Mapping) else None
    for entry in triggers if isinstance(triggers, list) else ():
        kind = registry.events.get(str(entry.get("event"))) if isinstance(entry, Mapping) else None
        if kind is None or not issubclass(kind, Due):
            continue
        try:
            options = kind.Options.model_validate(entry.get("config") or {})
        except ValidationError:
            continue
        yield Next(str(kind.label), _rows(kind, options, now))


def _rows(kind: type[Due], options: Any, now: datetime) -> list[tuple[datetime, str, str]]:
    found = scanning.upcoming(kind, options, now)
    contacts = [getattr(each.payload, "contact_id", None) for each in found]
    names = people.contact_names(contacts)
    return [
        (each.moment, names.get(contact or 0, ""), people.contact_url(contact))
        for each, contact in zip(found, contacts, strict=True)
    ]
