"""Contacts, or other records, by the value of a custom field: compared as JSON in its stored form, exactly, on every database."""

from functools import reduce
from operator import or_
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from contacts.custom import kinds, values
from contacts.custom.definitions import definitions
from contacts.custom.kinds import Definition, Kind
from contacts.models.custom_field import ON_CONTACTS

Rows = QuerySet[Any]
# Named by the fields' numbers, so that no key can be taken for something else.
_ALIAS: Final = "custom_field_{}"


def asked(rows: Rows, text: str, on: str = ON_CONTACTS) -> Rows:
    """The rows that `size:L` lets through; `size:` those without a value. Raises ValidationError in plain words."""
    key, colon, value = text.partition(":")
    known = definitions(on)
    if not colon:
        raise ValidationError(_("Write the field's key, a colon and the value, such as size:L."))
    if key not in known:
        raise ValidationError(values.unknown(key, known))
    return having(rows, known[key], kinds.stored(known[key], value))


def having(rows: Rows, field: Definition, stored: Any) -> Rows:
    """The rows whose field has this stored value, or no value for None; one of several choices is enough."""
    at = KeyTransform(field.key, "custom_fields")
    if stored is None:
        return rows.exclude(custom_fields__has_key=field.key)
    if field.kind != Kind.MULTI_CHOICE:
        alias = _ALIAS.format(field.pk)
        found: Rows = rows.alias(**{alias: at}).filter(**{alias: stored})
        return found
    return reduce(lambda found, value: _with_choice(found, field, at, value), stored, rows)


def _with_choice(rows: Rows, field: Definition, at: KeyTransform, value: str) -> Rows:
    """A list keeps the order of the choices, so the n-th choice stands at one of its first n places."""
    place = [key for key, _label in field.choices].index(value)
    aliases = {f"{_ALIAS.format(field.pk)}_{n}": KeyTransform(str(n), at) for n in range(place + 1)}
    found: Rows = rows.alias(**aliases).filter(reduce(or_, (Q(**{alias: value}) for alias in aliases)))
    return found
