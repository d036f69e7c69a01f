"""Text tables: comma, semicolon, tab or bar; UTF-8, UTF-16 or a Windows code page, with and without BOM."""

import codecs
import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import IO, Final

from django.utils.translation import gettext as _

from contacts.importing.reading.rows import MAX_LINE, UNKNOWN, Broken, Row, Table, Unreadable, checked_header, fitted
from contacts.importing.spellings import unescaped

CHUNK: Final = 256 * 1024
DELIMITERS: Final = ",;\t|"
BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What staff may choose instead of what was found.
ENCODINGS: Final = ("utf-8-sig", "utf-16", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "mac-roman", "shift-jis")


def detect_encoding(file: IO[bytes]) -> str:
    """By its BOM; else UTF-8 where all of it is; else CP1252, as Excel writes it. Raises `Unreadable`."""
    file.seek(0)
    start = file.read(4096)
    for bom, name in BOMS:
        if start.startswith(bom):
            return name
    # Of Latin letters in UTF-16, every second byte is zero, and of the others none.
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) // 8 and min(even, odd) * 10 < max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    if b"\0" in start:
        raise Unreadable(_("This is no text. Save the contacts as CSV, Excel or vCard and upload that file."))
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def read_table(file: IO[bytes], encoding: str = "", delimiter: str = "") -> Table:
    """The table in the file; encoding and delimiter are found where they are not given. Raises `Unreadable`."""
    encoding = encoding or detect_encoding(file)
    lines = _Lines(file, encoding)
    try:
        first = next(lines)
        if first.lower().startswith("sep=") and len(first.strip()) == 5:
            delimiter, first = first.strip()[4], next(lines)
    except StopIteration:
        raise Unreadable(_("The file is empty.")) from None
    except Broken as error:
        raise Unreadable(str(error)) from None
    delimiter = delimiter or _delimiter(first)
    lines.put_back(first)
    records = _records(lines, delimiter)
    try:
        header = checked_header(next(records)[1])
    except StopIteration:
        raise Unreadable(_("The file is empty.")) from None
    except Broken as error:
        raise Unreadable(str(error)) from None
    return Table(header, _rows(records, len(header), lines), encoding, delimiter)


def _delimiter(line: str) -> str:
    """The mark that parts the header row into the most columns."""
    outside = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


class _Text(TextIOWrapper):
    """Leaves the file open when it goes: the file belongs to the caller."""

    def close(self) -> None:
        return


class _Lines(Iterator[str]):
    """The file's lines, of bounded length; knows when it has come to the end, and how the last one ended."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        file.seek(0)
        # Letters that are not in the encoding become U+FFFD, and the rows that hold one are refused.
        self._text = _Text(file, encoding, errors="replace", newline="")
        self._again: list[str] = []
        self.number = 0
        self.ended = False
        self.finished_line = True

    def put_back(self, line: str) -> None:
        self._again.append(line)
        self.number -= 1

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._read()
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.finished_line = line.endswith(("\n", "\r"))
        return line

    def _read(self) -> str:
        line = self._text.readline(MAX_LINE)
        if len(line) >= MAX_LINE:
            raise Broken(self.number + 1, _("This line is too long for a row of contacts."))
        return line


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each record; raises `Broken` where quotes never close."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Broken(line, _("The quotes that open here do not close.")) from None
        if lines.ended:
            # The reader asks for one more line only within quotes.
            raise Broken(line, _("The quotes that open here do not close: the file breaks off."))
        yield line, cells


def _rows(records: Iterator[tuple[int, list[str]]], width: int, lines: _Lines) -> Iterator[Row]:
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if not lines.finished_line and (len(cells) < width or cells[-1].endswith(UNKNOWN)):
            raise Broken(
                line,
                _("The last row ends within column %(n)d of %(width)d: the file breaks off.")
                % {"n": len(cells), "width": width},
            )
        yield fitted(line, [unescaped(cell) for cell in cells], width)
