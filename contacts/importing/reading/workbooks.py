"""Excel workbooks (XLSX): the first sheet, read row by row."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from contacts.importing.reading.rows import Broken, Row, Table, Unreadable, checked_header, fitted
from contacts.importing.spellings import unescaped

# A packed workbook may say much with few bytes.
UNPACKED: Final = 400 * 1024 * 1024
# Empty rows that a sheet keeps for their formatting.
EMPTY_ROWS: Final = 10_000


def read_workbook(file: IO[bytes]) -> Table:
    """The first sheet; formulas count by the values last seen. Raises `Unreadable`."""
    file.seek(0)
    try:
        with ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED:
                raise Unreadable(_("The workbook is too large; save its sheet as CSV and upload that."))
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        records = sheet.iter_rows(values_only=True)
        first = next(iter(records), ())
    except (BadZipFile, KeyError, ValueError, OSError, IndexError, SyntaxError) as error:
        raise Unreadable(
            _("This workbook cannot be opened: it is cut off or no Excel file. Save it again as .xlsx and upload it.")
        ) from error
    header = checked_header([_words(value) for value in first])
    return Table(header, _rows(records, len(header)))


def _rows(records: Iterator[tuple[Any, ...]], width: int) -> Iterator[Row]:
    number, empty = 1, 0
    while True:
        number += 1
        try:
            values = next(records)
        except StopIteration:
            return
        except (BadZipFile, ValueError, OSError, SyntaxError, EOFError):
            raise Broken(number, _("The sheet breaks off here.")) from None
        cells = [unescaped(_words(value)) for value in values]
        if any(cells):
            empty = 0
            yield fitted(number, cells, width)
        else:
            empty += 1
            if empty > EMPTY_ROWS:
                return


def _words(value: Any) -> str:
    """The cell as one would type it: 3 rather than 3.0, dates as 1990-04-03."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
