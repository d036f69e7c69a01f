"""The seam between files and contacts: every field that may stand in a column, read from text and written as text.

A column is a field of django-import-export with a widget of ours, so that import and export share one
declaration. What is read is a *record* (`cells`). Custom fields join here: one column for each.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.widgets import Widget

from contacts import cleaning
from contacts.custom import money
from contacts.custom.days import Birthday
from contacts.custom.definitions import definitions
from contacts.custom.kinds import Definition
from contacts.importing import cells, spellings, staff
from contacts.importing.cells import Reading, Record
from contacts.models import Contact, CustomField

CUSTOM: Final = f"{cleaning.CUSTOM}."
# Kept as they are, so that an export tells everything a record holds.
TEXTS: Final = (
    "first_name", "last_name", "company", "job_title", "street", "city", "state", "postal_code",
    "time_zone", "language", "source", "external_id", "channel", "website",
)  # fmt: skip

Read = Callable[[str, Reading], Record]
Show = Callable[[Contact], str]


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
    made = [Column(name, _label(name), partial(cells.text, name), partial(_shown, name)) for name in TEXTS]
    made += [
        Column("email", _label("email"), cells.emails, partial(_shown, "email")),
        Column("extra_emails", _label("extra_emails"), cells.extra_emails, partial(_listed, "extra_emails")),
        Column("phone", _label("phone"), cells.phones, partial(_shown, "phone")),
        Column("extra_phones", _label("extra_phones"), cells.extra_phones, partial(_listed, "extra_phones")),
        Column("country", _label("country"), cells.country, partial(_shown, "country")),
        Column("birth_date", _label("birth_date"), cells.birth_date, _born),
        Column(
            "owner", _label("owner"), cells.owner, lambda contact: contact.owner.get_username() if contact.owner else ""
        ),
        Column("lead_status", _label("lead_status"), cells.lead_status, partial(_shown, "lead_status")),
        Column(
            "dnd",
            _label("dnd"),
            cells.dnd,
            lambda contact: spellings.as_items(c for c in contact.dnd if contact.dnd[c]),
        ),
        Column("score", _label("score"), partial(cells.text, "score"), partial(_shown, "score")),
        Column("tags", _("Tags"), cells.tags, _tag_names),
    ]
    for field in definitions().values():
        if not field.archived:
            names = staff.usernames() if field.kind == CustomField.Kind.USER else {}
            shown = partial(_custom_shown, field, names)
            made.append(Column(f"{CUSTOM}{field.key}", field.label, partial(cells.custom, field), shown))
    return {column.name: column for column in made}


def importable() -> dict[str, Column]:
    """The columns that a file may have: also those that an export does not write, but not the score; rules make it."""
    only_read = [
        Column("full_name", _("Full name"), cells.full_name, str),
        Column("unsubscribed", _("Unsubscribed from e-mail"), cells.unsubscribed, str),
        Column("note", _("Note"), cells.note, str),
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


def _born(contact: Contact) -> str:
    return str(Birthday(contact.birth_date, contact.yearless_birthday))


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
