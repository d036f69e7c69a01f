"""The seam between files and contacts: every field that may stand in a column, read from text and written as text.

A column is a field of django-import-export with a widget of ours, so that import and export share one
declaration. What is read is a *record*: values by the contact's own attribute names, as JSON, beside them
`+tags` (names), `+note` (a text) and `+clear` (attributes to be emptied). Custom fields join here: one column for each.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.widgets import Widget

from contacts import cleaning, texts
from contacts.custom import kinds, money
from contacts.custom.days import Birthday
from contacts.custom.definitions import definitions
from contacts.custom.kinds import Definition
from contacts.importing import spellings, staff
from contacts.models import Contact, CustomField
from contacts.tagging import clean_names

TAGS: Final = "+tags"
NOTE: Final = "+note"
CLEAR: Final = "+clear"
NOTE_LENGTH: Final = 20_000
CUSTOM: Final = f"{cleaning.CUSTOM}."
# Kept as they are, so that an export tells everything a record holds.
TEXTS: Final = (
    "first_name", "last_name", "company", "job_title", "street", "city", "state", "postal_code",
    "time_zone", "language", "source", "external_id", "channel", "website",
)  # fmt: skip

Record = dict[str, Any]
Read = Callable[[str, "Reading"], Record]
Show = Callable[[Contact], str]


@dataclass(frozen=True)
class Reading:
    """What a cell's meaning hangs on beside its text: the country of its row, the order of day and month."""

    country: str = ""
    dates: str = "mdy"


class _Spelled(Widget):  # type: ignore[misc]
    """A value as the cells of a file spell it."""

    def __init__(self, read: Read, show: Show) -> None:
        super().__init__()
        self.read, self.show = read, show

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Record:
        return self.read(value, kwargs.get("reading") or Reading())

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.show(value)


class Column(Field):  # type: ignore[misc]
    """One field: `name` in mappings, `label` for people and as the header of an export."""

    def __init__(self, name: str, label: Any, read: Read, show: Show) -> None:
        header = name if name.startswith(CUSTOM) else str(label)
        super().__init__(attribute=name, column_name=header, widget=_Spelled(read, show))
        self.name, self.label = name, str(label)

    def read(self, text: str, reading: Reading) -> Record:
        """The record's part that stands in a cell. Raises ValidationError."""
        found: Record = self.widget.clean(text, reading=reading)
        return found

    def get_value(self, instance: Contact) -> Contact:
        """The whole contact: a column may be written from more than one attribute."""
        return instance


def columns() -> dict[str, Column]:
    """Every column by name, those of custom fields as staff have defined them."""
    made = [Column(name, _label(name), partial(_text, name), partial(_shown, name)) for name in TEXTS]
    made += [
        Column("email", _label("email"), _emails, partial(_shown, "email")),
        Column("extra_emails", _label("extra_emails"), _extra_emails, partial(_listed, "extra_emails")),
        Column("phone", _label("phone"), _phones, partial(_shown, "phone")),
        Column("extra_phones", _label("extra_phones"), _extra_phones, partial(_listed, "extra_phones")),
        Column("country", _label("country"), _country, partial(_shown, "country")),
        Column("birth_date", _label("birth_date"), _birth_date, _born),
        Column("owner", _label("owner"), _owner, lambda contact: contact.owner.get_username() if contact.owner else ""),
        Column("lead_status", _label("lead_status"), _lead_status, partial(_shown, "lead_status")),
        Column(
            "dnd", _label("dnd"), _dnd, lambda contact: spellings.as_items(c for c in contact.dnd if contact.dnd[c])
        ),
        Column("score", _label("score"), partial(_text, "score"), partial(_shown, "score")),
        Column("tags", _("Tags"), _tags, _tag_names),
    ]
    for field in definitions().values():
        if not field.archived:
            names = staff.usernames() if field.kind == CustomField.Kind.USER else {}
            shown = partial(_custom_shown, field, names)
            made.append(Column(f"{CUSTOM}{field.key}", field.label, partial(_custom, field), shown))
    return {column.name: column for column in made}


def importable() -> dict[str, Column]:
    """The columns that a file may have: also those that an export does not write, but not the score; rules make it."""
    only_read = [
        Column("full_name", _("Full name"), _full_name, str),
        Column("unsubscribed", _("Unsubscribed from e-mail"), _unsubscribed, str),
        Column("note", _("Note"), _note, str),
    ]
    both = {**columns(), **{column.name: column for column in only_read}}
    return {name: column for name, column in both.items() if name != "score"}


def joined(parts: Iterable[Record]) -> Record:
    """One record of the parts that its cells gave: lists are put together, of single values the first counts.

    Without a main address or number, the first of the further ones becomes it.
    """
    record: Record = {}
    for part in parts:
        # A phone and what was typed belong together.
        if record.get("phone") and "phone" in part:
            part = {"extra_phones": [part["phone"], *part.get("extra_phones", [])]}
        if record.get("email") and "email" in part:
            part = {"extra_emails": [part["email"], *part.get("extra_emails", [])]}
        for name, value in part.items():
            had = record.get(name)
            if isinstance(value, list) and had:
                record[name] = [*had, *value]
            elif isinstance(value, dict) and had:
                record[name] = {**value, **had}
            elif had in (None, "", [], {}):
                record[name] = value
    _promote(record, "email", "extra_emails")
    _promote(record, "phone", "extra_phones")
    return record


def _promote(record: Record, main: str, extras: str) -> None:
    further = list(dict.fromkeys(record.get(extras, [])))
    if further and not record.get(main):
        record[main] = further.pop(0)
        if main == "phone":
            record["phone_raw"] = record[main]
    further = [each for each in further if each.casefold() != str(record.get(main, "")).casefold()][: cleaning.EXTRAS]
    if further:
        record[extras] = further
    else:
        record.pop(extras, None)


def _clean(name: str, value: Any, reading: Reading) -> Any:
    return cleaning.FIELDS[name](value, reading.country)


def _text(name: str, text: str, reading: Reading) -> Record:
    return {name: _clean(name, text, reading)}


def _emails(text: str, reading: Reading) -> Record:
    first, *others = spellings.items(text) or [""]
    return {"email": _clean("email", first, reading), **_extra_emails(";".join(others), reading)}


def _extra_emails(text: str, reading: Reading) -> Record:
    found = [_clean("email", each, reading) for each in spellings.items(text)]
    return {"extra_emails": found} if found else {}


def _phones(text: str, reading: Reading) -> Record:
    first, *others = _numbers(text) or [""]
    phone = _clean("phone", first, reading)
    return {"phone": phone.number, "phone_raw": phone.raw, **_extra_phones(";".join(others), reading)}


def _extra_phones(text: str, reading: Reading) -> Record:
    found = [_clean("phone", each, reading).number for each in _numbers(text)]
    return {"extra_phones": found} if found else {}


def _numbers(text: str) -> list[str]:
    """Numbers may hold commas; only clearer marks part them."""
    parts = text.replace(":::", ";").replace(" / ", ";").replace("\n", ";").split(";")
    return [part.strip(' "') for part in parts if part.strip(' "')]


def _country(text: str, reading: Reading) -> Record:
    return {"country": _clean("country", spellings.country(text), reading)}


def _birth_date(text: str, reading: Reading) -> Record:
    if without_year := spellings.yearless(text):
        return {"yearless_birthday": without_year}
    found = spellings.day(text, reading.dates)
    return {"birth_date": found.isoformat()} if found else {}


def _born(contact: Contact) -> str:
    return str(Birthday(contact.birth_date, contact.yearless_birthday))


def _owner(text: str, reading: Reading) -> Record:
    found = staff.owners().get(" ".join(text.casefold().split()))
    if found is None:
        raise ValidationError(_("There is no user “%(user)s”.") % {"user": text[:60]})
    return {"owner_id": found}


def _lead_status(text: str, reading: Reading) -> Record:
    return {"lead_status": spellings.lead_status(text)}


def _dnd(text: str, reading: Reading) -> Record:
    """Closed channels as a list; a bare yes (HighLevel) closes all of them."""
    word = text.strip().casefold()
    if word in spellings.YES | spellings.NO:
        return {"dnd": {"all": True}} if word in spellings.YES else {}
    return {"dnd": _clean("dnd", {channel.casefold(): True for channel in spellings.items(text)}, reading)}


def _unsubscribed(text: str, reading: Reading) -> Record:
    """Yes closes e-mail; no opens nothing."""
    return {"dnd": {"email": True}} if spellings.yes_or_no(text) else {}


def _tags(text: str, reading: Reading) -> Record:
    # Google marks its own groups with an asterisk.
    names = clean_names(name for name in spellings.items(text) if not name.startswith("* "))
    return {TAGS: names} if names else {}


def _note(text: str, reading: Reading) -> Record:
    return {NOTE: texts.storable(text.strip())[:NOTE_LENGTH]}


def _full_name(text: str, reading: Reading) -> Record:
    """“Ada Lovelace” or “Lovelace, Ada”; the last word is the last name."""
    if "," in text:
        last, first = (part.strip() for part in text.split(",", 1))
    else:
        first, _space, last = texts.line(text).rpartition(" ")
    first, last = (first, last) if first else (last, "")
    return {"first_name": _clean("first_name", first, reading), "last_name": _clean("last_name", last, reading)}


def _custom(field: Definition, text: str, reading: Reading) -> Record:
    value: Any = text
    if field.kind == CustomField.Kind.MULTI_CHOICE:
        value = spellings.items(text)
    elif field.kind == CustomField.Kind.DATE:
        value = spellings.day(text, reading.dates)
    elif field.kind == CustomField.Kind.USER:
        value = staff.owners().get(" ".join(text.casefold().split()), text)
    stored = kinds.stored(field, value, reading.country)
    return {} if stored is None else {"custom_fields": {field.key: stored}}


def _shown(name: str, contact: Contact) -> str:
    value = getattr(contact, name)
    return "" if value is None else str(value)


def _listed(name: str, contact: Contact) -> str:
    return spellings.as_items(getattr(contact, name))


def _tag_names(contact: Contact) -> str:
    """From prefetched `taggings__tag`."""
    return spellings.as_items(sorted(tagging.tag.name for tagging in contact.taggings.all()))


def _custom_shown(field: Definition, names: Mapping[int, str], contact: Contact) -> str:
    value = contact.custom_fields.get(field.key)
    return names.get(value) or custom_text(value) if isinstance(value, int) and names else custom_text(value)


def custom_text(value: Any) -> str:
    """The cell from which a stored value is read again."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return spellings.as_items(value)
    if money.is_money(value):
        return f"{value['amount']} {value['currency']}"
    return "" if value is None else str(value)


_LABELS: Final = {
    "extra_emails": gettext_lazy("Further e-mails"),
    "extra_phones": gettext_lazy("Further phones"),
    "dnd": gettext_lazy("Do not disturb"),
}


def _label(name: str) -> str:
    return str(_LABELS.get(name) or capfirst(getattr(Contact._meta.get_field(name), "verbose_name", name)))
