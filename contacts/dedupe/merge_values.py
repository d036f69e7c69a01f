"""What a merged contact's own fields hold: the survivor's values, the other's where those are empty, or as chosen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from contacts.custom.definitions import definitions
from contacts.models import Contact

Side = Literal["into", "from"]
INTO: Final = "into"
FROM: Final = "from"
CUSTOM: Final = "custom_fields."
# United, not chosen.
UNITED: Final = ("dnd", "extra_emails", "extra_phones", "custom_fields", "attribution")
# Columns that say one thing together with another.
TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {"phone": ("phone_raw",), "birth_date": ("yearless_birthday",)}


@dataclass(frozen=True)
class Choice:
    """One field in which the two may differ; `side` is whose value survives unless somebody says otherwise."""

    name: str
    label: str
    into: Any
    other: Any
    side: Side

    @property
    def differs(self) -> bool:
        return bool(self.into != self.other)


def choices(survivor: Contact, gone: Contact) -> list[Choice]:
    """Every field with both values, custom fields as `custom_fields.size`."""
    found = []
    for name, label in _columns():
        mine, theirs = getattr(survivor, name), getattr(gone, name)
        found.append(Choice(name, label, mine, theirs, _default(mine, theirs)))
    known = definitions()
    for key in sorted({*survivor.custom_fields, *gone.custom_fields}):
        mine, theirs = survivor.custom_fields.get(key), gone.custom_fields.get(key)
        label = known[key].label if key in known else capfirst(key.replace("_", " "))
        found.append(Choice(f"{CUSTOM}{key}", label, mine, theirs, _default(mine, theirs)))
    return found


def merged(survivor: Contact, gone: Contact, sides: Mapping[str, Side]) -> dict[str, Any]:
    """The columns to write into the survivor, but for do-not-disturb. Raises ValidationError by field."""
    offered = {choice.name: choice for choice in choices(survivor, gone)}
    _require_known(sides, offered)
    values: dict[str, Any] = {}
    custom = {**gone.custom_fields, **survivor.custom_fields}
    for name, choice in offered.items():
        if sides.get(name, choice.side) != FROM:
            continue
        if name.startswith(CUSTOM):
            custom[name.removeprefix(CUSTOM)] = choice.other
        else:
            values |= {column: getattr(gone, column) for column in _with_companions(name)}
    values["custom_fields"] = {key: value for key, value in custom.items() if value is not None}
    values["attribution"] = {**gone.attribution, **survivor.attribution}
    values["created_at"] = min(survivor.created_at, gone.created_at)
    active = [moment for moment in (survivor.score_active_at, gone.score_active_at) if moment is not None]
    values["score_active_at"] = max(active, default=None)
    values["is_followed"] = survivor.is_followed or gone.is_followed
    email, phone = values.get("email", survivor.email), values.get("phone", survivor.phone)
    values["extra_emails"] = _further(email, survivor.email, gone.email, *survivor.extra_emails, *gone.extra_emails)
    values["extra_phones"] = _further(phone, survivor.phone, gone.phone, *survivor.extra_phones, *gone.extra_phones)
    return values


def _columns() -> Iterator[tuple[str, str]]:
    """The columns one chooses by, with their labels."""
    companions = {name for names in TOGETHER.values() for name in names}
    left_out = (*UNITED, *companions)
    for column in Contact._meta.concrete_fields:
        stamped = column.primary_key or isinstance(column, models.DateTimeField)
        if column.editable and not stamped and column.name not in left_out:
            yield column.name, capfirst(str(column.verbose_name))


def _with_companions(name: str) -> list[str]:
    known = {column.name for column in Contact._meta.concrete_fields}
    return [name, *(other for other in TOGETHER.get(name, ()) if other in known)]


def _default(mine: Any, theirs: Any) -> Side:
    return FROM if _is_empty(mine) and not _is_empty(theirs) else INTO


def _is_empty(value: Any) -> bool:
    """A score of 0 says as little as nothing; a "no" is an answer."""
    return value in (None, "", [], {}) or (value == 0 and value is not False)


def _further(main: str, *texts: str) -> list[str]:
    """The other addresses or numbers of both, each once whatever its case."""
    found = {text.casefold(): text for text in reversed(texts) if text and text.casefold() != main.casefold()}
    return list(found.values())[::-1]


def _require_known(sides: Mapping[str, Side], offered: Mapping[str, Choice]) -> None:
    refused = {}
    for name, side in sides.items():
        if name not in offered:
            refused[f"fields.{name}"] = [_("A contact has no field of this name to choose.")]
        elif side not in (INTO, FROM):
            refused[f"fields.{name}"] = [_("Choose into or from.")]
    if refused:
        raise ValidationError(refused)
