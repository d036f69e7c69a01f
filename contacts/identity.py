"""Who is who: finding a contact by what identifies it, and making it once where it is not there yet."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from contacts import cleaning, further
from contacts.models import Contact, FurtherAddress

IDENTITIES: Final = ("external_id", "email", "phone")


def find(match: Mapping[str, Any], *, region: str = "") -> Contact | None:
    """The oldest contact that every given one of external_id, email and phone belongs to.

    E-mails are compared without case, phone numbers as E.164 (`region` as in `phones.parse`). Empty ones
    count as not given; None when all are empty. Raises ValidationError for what cannot be read.
    """
    lookups = {_LOOKUPS[name]: value for name, value in identities(match, region).items()}
    if not lookups:
        return None
    known = Contact.objects.alias(email_lower=Lower("email"))
    found: Contact | None = known.filter(**lookups).order_by("pk").first()
    return found


def find_further(match: Mapping[str, Any], *, region: str = "") -> Contact | None:
    """The oldest contact that has the e-mail, else the phone, among its further ones; for whom `find` does not find.

    What was saved a moment ago is found: `FurtherAddress` is written with its contact.
    """
    for name, value in identities(match, region).items():
        if name in _WITH_FURTHER:
            filed = FurtherAddress.objects.filter(value=further.compared(value)).select_related("contact")
            oldest = filed.order_by("contact_id").first()
            if oldest is not None:
                return oldest.contact
    return None


def identities(values: Mapping[str, Any], region: str = "") -> dict[str, str]:
    """What identifies a contact, in the form in which it is compared; empty ones are left out."""
    unknown = sorted(values.keys() - set(IDENTITIES))
    if unknown:
        raise ValidationError({name: [_("Find contacts by external_id, email or phone.")] for name in unknown})
    found = {}
    for name, value in cleaning.clean(values, region).items():
        text = value.number if isinstance(value, cleaning.Phone) else value
        if text:
            found[name] = text.lower() if name == "email" else text
    return found


def one_at_a_time(keys: Iterable[str]) -> None:
    """Lets no other transaction look for or make the same contacts until this one ends.

    E-mail and phone are not unique (families share them), so no constraint stops two deliveries that both
    look, find nobody, and insert. PostgreSQL: one advisory lock per key, always in the same order; whoever
    waited sees what the other committed. SQLite: a transaction has the only writer from its BEGIN IMMEDIATE.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The lock lasts as long as a transaction; begin one.")
    if connection.vendor == "postgresql":
        numbers = sorted({_number(key) for key in keys})
        with connection.cursor() as cursor:
            # One statement takes them one by one, in the order of the list.
            cursor.execute(
                "SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) WITH ORDINALITY AS k(n, at)", [numbers]
            )


def _number(key: str) -> int:
    digest = blake2b(f"contact {key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


_WITH_FURTHER: Final = ("email", "phone")
_LOOKUPS: Final = {"external_id": "external_id", "email": "email_lower", "phone": "phone"}
