"""What providers of bookings have in common: an item as `appointments` takes it, and how trouble with it reads."""

from typing import Any

from appointments import outside
from appointments.outside import Told
from appointments.people import Person
from providers.base import field_of
from providers.frame import Handled, Unclear


def source_of(connection: Any) -> str:
    """The connection, as bookings are filed under it."""
    return f"{connection.provider}:{connection.pk}"


def take(told: Told) -> Handled:
    """Takes the booking in. Raises `Unclear`."""
    try:
        made = outside.take(told)
    except outside.Unclear as error:
        raise Unclear(str(error)) from None
    return Handled(contact_id=made.contact_id if made else None)


def person_of(part: Any, *, name: str = "name", phone: str = "") -> Person:
    """Somebody, from an object with a name and an e-mail."""
    return Person(field_of(part, name)[:200], field_of(part, "email")[:254], field_of(part, phone) if phone else "")


def listed(value: Any) -> list[Any]:
    """The objects of a list; nothing of what is none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
