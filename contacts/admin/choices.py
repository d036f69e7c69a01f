"""The merge page's fields: both values as people read them, and which one is ticked."""

from dataclasses import dataclass
from typing import Any

from contacts.dedupe import merge_values
from contacts.models import Contact
from triggers.wording import telling


@dataclass(frozen=True)
class Row:
    """One field with both values in words; empty where there is nothing."""

    name: str
    label: str
    into: str
    other: str
    side: str
    differs: bool


def rows_of(survivor: Contact, gone: Contact) -> list[Row]:
    return [
        Row(
            choice.name, choice.label, _said(survivor, choice.name, choice.into), _said(gone, choice.name, choice.other),
            choice.side, choice.differs,
        )
        for choice in merge_values.choices(survivor, gone)
    ]  # fmt: skip


def _said(contact: Contact, name: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    display = getattr(contact, f"get_{name}_display", None)
    return str(display()) if display else telling.value_in_words(value)
