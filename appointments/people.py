"""Whoever books or comes along, as contacts: found by e-mail or phone, made where nobody is.

Anybody can type anybody's address into a public page: of a contact that is known, only what is empty is filled in.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts import identity, services
from contacts.models import Contact

MOST_GUESTS: Final = 10
NAMED: Final = re.compile(r"([^<>]*)<([^<>\s]+)>")


class Person(NamedTuple):
    """A name in one, as people type it, and how to reach them."""

    name: str = ""
    email: str = ""
    phone: str = ""


def contact_of(person: Person, more: Mapping[str, Any]) -> Contact:
    """The contact, locked against others who look for the same. `more` are values for a new one, or for what is empty.

    Call it in a transaction. Raises ValidationError by field.
    """
    told = {"email": person.email, "phone": person.phone}
    known = identity.identities(told)
    identity.one_at_a_time(f"{name}:{value}" for name, value in known.items())
    first, _space, last = person.name.strip().partition(" ")
    values = {"first_name": first, "last_name": last.strip(), **told, **more}
    contact = _find(told)
    if contact is None:
        return services.create({name: value for name, value in values.items() if value})
    if contact.first_name or contact.last_name:
        values.pop("first_name"), values.pop("last_name")
    missing = {name: value for name, value in values.items() if value and not getattr(contact, name)}
    missing.pop("source", None), missing.pop("channel", None)
    services.update(contact, missing)
    return contact


def _find(told: Mapping[str, str]) -> Contact | None:
    """By e-mail; by phone only whoever has no other e-mail: families share phones."""
    if told["email"]:
        found = identity.find({"email": told["email"]})
        if found is not None:
            return found
    found = identity.find({"phone": told["phone"]}) if told["phone"] else None
    return found if found is not None and not (found.email and told["email"]) else None


def guests_in(text: str) -> list[Person]:
    """Guests, one a line or with commas, as anna@example.org or Anna <anna@example.org>. Raises ValidationError."""
    return checked(read_guest(part) for part in re.split(r"[\n,;]", text) if part.strip())


def read_guest(text: str) -> Person:
    whole = " ".join(text.split())
    written = NAMED.fullmatch(whole)
    return Person(written[1].strip(' "')[:200], written[2]) if written else Person("", whole)


def checked(guests: Any) -> list[Person]:
    """The guests, each once. Raises ValidationError that names every address which is none."""
    once: dict[str, Person] = {guest.email.casefold(): guest for guest in guests}
    wrong = [guest.email for guest in once.values() if not _is_email(guest.email)]
    if wrong:
        told = ngettext(
            "This is no e-mail address: %(wrong)s. Write guests as anna@example.org, one a line.",
            "These are no e-mail addresses: %(wrong)s. Write guests as anna@example.org, one a line.", len(wrong),
        )  # fmt: skip
        raise ValidationError(told % {"wrong": ", ".join(each[:80] for each in wrong)})
    if len(once) > MOST_GUESTS:
        raise ValidationError(_("At most %(n)d guests can come along.") % {"n": MOST_GUESTS})
    return list(once.values())


def in_words(guests: Sequence[Any]) -> str:
    return ", ".join(str(guest) for guest in guests)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
