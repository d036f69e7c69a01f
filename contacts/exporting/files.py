"""Contacts in the three formats, as pieces to be sent while they are written: memory stays flat."""

import csv
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from tempfile import TemporaryFile
from typing import Any, Final, NamedTuple

import vobject
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from vobject.vcard import Address, Name

from contacts.custom.days import Birthday
from contacts.exporting.resource import ContactResource
from contacts.models import Contact

PIECE: Final = 64 * 1024
ROWS: Final = 200


class Format(NamedTuple):
    """How a file is called, what its content type is, and what writes it."""

    suffix: str
    content_type: str
    write: Callable[[QuerySet[Contact]], Iterator[bytes]]


def as_csv(contacts: QuerySet[Contact]) -> Iterator[bytes]:
    """UTF-8 with BOM, by which Excel knows it; commas."""
    out = StringIO()
    writer = csv.writer(out)
    resource = ContactResource(contacts)
    out.write("\ufeff")
    writer.writerow(resource.header())
    for number, row in enumerate(resource.rows()):
        writer.writerow(row)
        if number % ROWS == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: StringIO) -> bytes:
    found = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return found


def as_workbook(contacts: QuerySet[Contact]) -> Iterator[bytes]:
    """A sheet of texts: every cell is marked as one, whatever it begins with."""
    resource = ContactResource(contacts)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Contacts"))
    sheet.append([_cell(sheet, name) for name in resource.header()])
    for row in resource.rows():
        sheet.append([_cell(sheet, text) for text in row])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:32767] or None)
    if text:
        cell.data_type = "s"
    return cell


def as_cards(contacts: QuerySet[Contact]) -> Iterator[bytes]:
    """vCard 3.0 (RFC 2426), which every address book reads."""
    for contact in ContactResource(contacts).contacts():
        yield card(contact).encode()


def card(contact: Contact) -> str:
    """One contact's vCard; what the format has no place for is left out."""
    made = vobject.vCard()
    made.add("n").value = Name(family=contact.last_name, given=contact.first_name)
    made.add("fn").value = str(contact)
    for name, value in _properties(contact):
        made.add(name).value = value
    for kind, values in (
        ("email", [contact.email, *contact.extra_emails]),
        ("tel", [contact.phone, *contact.extra_phones]),
    ):
        for value in filter(None, values):
            made.add(kind).value = value
    if contact.street or contact.city or contact.state or contact.postal_code or contact.country:
        made.add("adr").value = Address(
            street=contact.street,
            city=contact.city,
            region=contact.state,
            code=contact.postal_code,
            country=contact.country,
        )
    return str(made.serialize())


def _properties(contact: Contact) -> Iterator[tuple[str, Any]]:
    born = str(Birthday(contact.birth_date, contact.yearless_birthday))
    single = {"title": contact.job_title, "url": contact.website, "bday": born, "uid": contact.external_id}
    yield from ((name, value) for name, value in single.items() if value)
    if contact.company:
        yield "org", [contact.company]
    tags = sorted(tagging.tag.name for tagging in contact.taggings.all())
    if tags:
        yield "categories", tags


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format("csv", "text/csv; charset=utf-8", as_csv),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_workbook),
    "vcard": Format("vcf", "text/vcard; charset=utf-8", as_cards),
}
