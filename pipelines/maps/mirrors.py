"""Mirror steps: a step and a field of the contact that follow each other."""

from collections.abc import Iterable
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts import services
from contacts.custom.definitions import definitions
from contacts.custom.values import PREFIX
from contacts.models import Contact
from contacts.run_contact import refusal
from pipelines.maps.refusal import Unfit

COLUMNS: Final = (
    "first_name", "last_name", "email", "phone", "company", "job_title", "website", "street", "city", "state",
    "postal_code", "country", "time_zone", "language", "birth_date", "source", "external_id",
)  # fmt: skip


def is_mirrorable(name: str) -> bool:
    """Whether a step may be paired with this field of a contact."""
    key = name.removeprefix(f"{PREFIX}.")
    return name in COLUMNS or (key != name and key in definitions() and not definitions()[key].archived)


def value_of(contact: Contact, name: str) -> Any:
    """The field's value as JSON has it; None where it is empty."""
    key = name.removeprefix(f"{PREFIX}.")
    value = contact.custom_fields.get(key) if key != name else services.shown(contact, name)
    return None if value in (None, "", [], {}) else value


def write(contact: Contact, name: str, value: Any) -> Any:
    """Puts the value into the field, by the field's own rules; the value as it is kept. Raises Unfit."""
    try:
        services.update(contact, {name: value})
    except ValidationError as error:
        raise Unfit(refusal(error), ("value",)) from None
    return value_of(contact, name)


def names_changed(update_fields: Iterable[str], before: Any, after: Any) -> set[str]:
    """The fields that a save touched, custom ones each by its own name."""
    names = {name for name in update_fields if name in COLUMNS}
    if PREFIX in set(update_fields):
        old, new = before or {}, after or {}
        names |= {f"{PREFIX}.{key}" for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    return names


def no_such_field(name: str) -> str:
    return _("A step cannot be paired with “%(name)s”. Choose a field of the contact, such as city.") % {"name": name}
