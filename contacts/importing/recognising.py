"""What a header row tells: which system wrote the file, and what each column probably means."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from re import compile as pattern
from typing import Final

from contacts.custom.definitions import definitions
from contacts.importing import columns, staff

# Headers that stand in the exports of one system and of no other, in small letters.
SYSTEMS: Final[Mapping[str, frozenset[str]]] = {
    "HubSpot": frozenset({"record id", "contact owner", "lifecycle stage"}),
    "HighLevel": frozenset({"contact id", "first name", "last activity"}),
    "Google Contacts": frozenset({"e-mail 1 - value"}),
    "Outlook": frozenset({"e-mail address", "business phone"}),
}
# What headers mean, in small letters with single blanks: of the four systems, of our own export, and what people write.
MEANINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "first_name": ("first name", "given name", "firstname", "forename", "vorname", "prénom", "nombre"),
    "last_name": ("last name", "family name", "lastname", "surname", "nachname", "familienname", "apellidos"),
    "full_name": ("full name", "name", "display name", "contact name"),
    "email": ("email", "e-mail", "e-mail address", "email address", "e-mail 1 - value", "primary email", "mail"),
    "extra_emails": (
        "further e-mails", "e-mail 2 address", "e-mail 3 address", "e-mail 2 - value", "e-mail 3 - value",
        "e-mail 4 - value", "additional emails", "additional email addresses", "work email",
    ),
    "phone": ("phone", "phone number", "phone 1 - value", "telephone", "telefon", "primary phone", "mobile phone"),
    "extra_phones": (
        "further phones", "mobile phone number", "phone 2 - value", "phone 3 - value", "phone 4 - value",
        "business phone", "business phone 2", "home phone", "home phone 2", "other phone", "additional phones",
        "additional phone", "mobile", "company main phone",
    ),
    "company": (
        "company", "company name", "business name", "organization", "organization name", "organization 1 - name",
        "firma", "associated company",
    ),
    "job_title": ("job title", "organization title", "organization 1 - title", "position"),
    "website": ("website", "website url", "web page", "website 1 - value", "url", "homepage"),
    "street": ("street", "street address", "address", "address 1 - street", "business street", "home street"),
    "city": ("city", "address 1 - city", "business city", "home city", "ort", "stadt"),
    "state": (
        "state", "state/region", "state or region", "region", "address 1 - region", "business state", "home state",
    ),
    "postal_code": (
        "postal code", "zip", "zip code", "postcode", "address 1 - postal code", "business postal code",
        "home postal code", "plz",
    ),
    "country": (
        "country", "country/region", "address 1 - country", "business country/region", "business country",
        "home country/region", "home country", "land",
    ),
    "birth_date": ("birth date", "birthday", "date of birth", "birthdate", "geburtstag", "geburtsdatum"),
    "language": ("language", "preferred language"),
    "time_zone": ("time zone", "timezone"),
    "source": ("source", "original source", "lead source", "contact source"),
    "external_id": ("external id", "record id", "contact id", "record id - contact", "uid"),
    "owner": ("owner", "contact owner", "assigned to"),
    "lead_status": ("lead status",),
    "channel": ("came in by",),
    "dnd": ("do not disturb", "dnd"),
    "unsubscribed": ("unsubscribed from all email", "unsubscribed", "opted out", "email opt out"),
    "tags": ("tags", "tag", "labels", "categories", "group membership"),
    "note": ("note", "notes", "message", "comments"),
}  # fmt: skip
_FIELD_OF: Final = {header: field for field, headers in MEANINGS.items() for header in headers}
# Fields that several columns may fill; of others the first counts.
SEVERAL: Final = frozenset({"extra_emails", "extra_phones", "tags"})
_ONE_BLANK: Final = pattern(r"[\s_]+")


def signature(header: Sequence[str]) -> str:
    """The same for files with the same header row."""
    return sha256("\x1f".join(_plain(name) for name in header).encode()).hexdigest()


def made_by(header: Sequence[str]) -> str:
    """The system whose export this looks like; empty where none is known."""
    names = {_plain(name) for name in header}
    return next((system for system, marks in SYSTEMS.items() if marks <= names), "")


def propose(header: Sequence[str], sample: Sequence[Sequence[str]]) -> dict[str, str]:
    """Field names by column number, as text; columns whose meaning is not plain are left out."""
    found: dict[str, str] = {}
    for number, name in enumerate(header):
        field = _FIELD_OF.get(_plain(name)) or _own(name)
        values = [row[number].strip() for row in sample if number < len(row) and row[number].strip()]
        if not field or (field in found.values() and field not in SEVERAL):
            field = _second(field)
        if field and _plausible(field, values):
            found[str(number)] = field
    return found


def _own(name: str) -> str:
    """A custom field by our export's header, or by what people call it."""
    for field in definitions().values():
        known = f"{columns.CUSTOM}{field.key}"
        if not field.archived and (name == known or _plain(name) in (_plain(field.label), field.key)):
            return known
    return ""


def _second(field: str | None) -> str:
    return {"phone": "extra_phones", "email": "extra_emails"}.get(field or "", "")


def _plausible(field: str, values: Sequence[str]) -> bool:
    """Owners are only proposed where they are users here; else every row would be refused."""
    if field == "owner":
        known = staff.owners()
        return any(value.casefold() in known for value in values)
    return True


def _plain(name: str) -> str:
    return _ONE_BLANK.sub(" ", name.casefold()).strip(" *:\ufeff")
