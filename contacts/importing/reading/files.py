"""A file as a table: which format it has is told by its first bytes, not by its name."""

from typing import IO, Final

from django.conf import settings
from django.utils.translation import gettext as _

from contacts.importing import recognising
from contacts.importing.reading import cards, delimited, workbooks
from contacts.importing.reading.rows import Table, Unreadable
from contacts.models import Import

OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
MEGABYTE: Final = 1024 * 1024


def format_of(file: IO[bytes]) -> Import.Format:
    """Raises `Unreadable` for what is none of the three."""
    file.seek(0)
    start = file.read(512)
    if start.startswith(b"PK"):
        return Import.Format.XLSX
    if start.startswith(OLD_EXCEL):
        raise Unreadable(_("This is a workbook of an old Excel. Save it as .xlsx and upload that."))
    if not start:
        raise Unreadable(_("The file is empty."))
    words = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ").upper()
    return Import.Format.VCARD if words.startswith(b"BEGIN:VCARD") else Import.Format.CSV


def read(file: IO[bytes], kind: str, encoding: str = "", delimiter: str = "") -> Table:
    """The file's table, its rows read as they are asked for. Raises `Unreadable`."""
    if kind == Import.Format.XLSX:
        table = workbooks.read_workbook(file)
    elif kind == Import.Format.VCARD:
        table = cards.read_cards(file, encoding)
    else:
        table = delimited.read_table(file, encoding, delimiter)
    table.made_by = recognising.made_by(table.header)
    return table


def check_size(size: int) -> None:
    """Raises `Unreadable` for a file larger than CONCOURS_IMPORT_MAX_MB."""
    most: int = settings.CONCOURS_IMPORT_MAX_MB
    if size > most * MEGABYTE:
        raise Unreadable(
            _("The file has %(size)d MB; at most %(most)d MB are taken. Split it, or ask for a higher limit.")
            % {"size": -(-size // MEGABYTE), "most": most}
        )
