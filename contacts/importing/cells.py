"""Cells into records: what stands in a column's cell, as the contact's own attributes.

A *record* holds values by attribute, as JSON, beside them `+tags` (names), `+note` (a text) and `+clear`
(attributes to be emptied). Each reader raises ValidationError for what cannot be stored.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts import cleaning, texts
from contacts.custom import kinds
from contacts.custom.kinds import Definition
from contacts.importing import spellings, staff
from contacts.models import CustomField
from contacts.tagging import clean_names

TAGS: Final = "+tags"
NOTE: Final = "+note"
CLEAR: Final = "+clear"
NOTE_LENGTH: Final = 20_000

Record = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """What a cell's meaning hangs on beside its text: the country of its row, the order of day and month."""

    country: str = ""
    dates: str = "mdy"


def _clean(name: str, value: Any, reading: Reading) -> Any:
    return cleaning.FIELDS[name](value, reading.country)


def text(name: str, text: str, reading: Reading) -> Record:
    return {name: _clean(name, text, reading)}


def emails(text: str, reading: Reading) -> Record:
    first, *others = spellings.items(text) or [""]
    return {"email": _clean("email", first, reading), **extra_emails(";".join(others), reading)}


def extra_emails(text: str, reading: Reading) -> Record:
    found = [_clean("email", each, reading) for each in spellings.items(text)]
    return {"extra_emails": found} if found else {}


def phones(text: str, reading: Reading) -> Record:
    first, *others = _numbers(text) or [""]
    phone = _clean("phone", first, reading)
    return {"phone": phone.number, "phone_raw": phone.raw, **extra_phones(";".join(others), reading)}


def extra_phones(text: str, reading: Reading) -> Record:
    found = [_clean("phone", each, reading).number for each in _numbers(text)]
    return {"extra_phones": found} if found else {}


def _numbers(text: str) -> list[str]:
    """Numbers may hold commas; only clearer marks part them."""
    parts = text.replace(":::", ";").replace(" / ", ";").replace("\n", ";").split(";")
    return [part.strip(' "') for part in parts if part.strip(' "')]


def country(text: str, reading: Reading) -> Record:
    return {"country": _clean("country", spellings.country(text), reading)}


def birth_date(text: str, reading: Reading) -> Record:
    if without_year := spellings.yearless(text):
        return {"yearless_birthday": without_year}
    found = spellings.day(text, reading.dates)
    return {"birth_date": found.isoformat()} if found else {}


def owner(text: str, reading: Reading) -> Record:
    found = staff.owners().get(" ".join(text.casefold().split()))
    if found is None:
        raise ValidationError(_("There is no user “%(user)s”.") % {"user": text[:60]})
    return {"owner_id": found}


def lead_status(text: str, reading: Reading) -> Record:
    return {"lead_status": spellings.lead_status(text)}


def dnd(text: str, reading: Reading) -> Record:
    """Closed channels as a list; a bare yes (HighLevel) closes all of them."""
    word = text.strip().casefold()
    if word in spellings.YES | spellings.NO:
        return {"dnd": {"all": True}} if word in spellings.YES else {}
    return {"dnd": _clean("dnd", {channel.casefold(): True for channel in spellings.items(text)}, reading)}


def unsubscribed(text: str, reading: Reading) -> Record:
    """Yes closes e-mail; no opens nothing."""
    return {"dnd": {"email": True}} if spellings.yes_or_no(text) else {}


def tags(text: str, reading: Reading) -> Record:
    # Google marks its own groups with an asterisk.
    names = clean_names(name for name in spellings.items(text) if not name.startswith("* "))
    return {TAGS: names} if names else {}


def note(text: str, reading: Reading) -> Record:
    return {NOTE: texts.storable(text.strip())[:NOTE_LENGTH]}


def full_name(text: str, reading: Reading) -> Record:
    """“Ada Lovelace” or “Lovelace, Ada”; the last word is the last name."""
    if "," in text:
        last, first = (part.strip() for part in text.split(",", 1))
    else:
        first, _space, last = texts.line(text).rpartition(" ")
    first, last = (first, last) if first else (last, "")
    return {"first_name": _clean("first_name", first, reading), "last_name": _clean("last_name", last, reading)}


def custom(field: Definition, text: str, reading: Reading) -> Record:
    value: Any = text
    if field.kind == CustomField.Kind.MULTI_CHOICE:
        value = spellings.items(text)
    elif field.kind == CustomField.Kind.DATE:
        value = spellings.day(text, reading.dates)
    elif field.kind == CustomField.Kind.USER:
        value = staff.owners().get(" ".join(text.casefold().split()), text)
    stored = kinds.stored(field, value, reading.country)
    return {} if stored is None else {"custom_fields": {field.key: stored}}
