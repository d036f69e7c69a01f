"""The merge page's fields: both values as people read them, and which one is ticked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats

from contacts.custom import kinds, money
from contacts.custom.definitions import Definitions, definitions
from contacts.custom.values import PREFIX
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
    known = definitions()
    return [
        Row(
            choice.name, choice.label, _said(survivor, choice.name, choice.into, known),
            _said(gone, choice.name, choice.other, known), choice.side, choice.differs,
        )
        for choice in merge_values.choices(survivor, gone)
    ]  # fmt: skip


def _said(contact: Contact, name: str, value: Any, known: Definitions) -> str:
    if value in (None, "", [], {}):
        return ""
    display = getattr(contact, f"get_{name}_display", None)
    if display:
        return str(display())
    if money.is_money(value):
        return f"{formats.number_format(Decimal(value['amount']), 2)} {value['currency']}"
    field = known.get(name.removeprefix(f"{PREFIX}."))
    typed = kinds.typed(field, value) if field is not None else value
    return str(formats.localize(typed)) if isinstance(typed, date) else telling.value_in_words(value)
