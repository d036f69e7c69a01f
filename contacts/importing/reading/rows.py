"""What every format is read into, and how reading fails."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

MAX_COLUMNS: Final = 500
# Of one row of text: more is no row of contacts, but a file of another kind or a quote left open.
MAX_LINE: Final = 1024 * 1024
MAX_CELL: Final = 32 * 1024
MAX_HEADER: Final = 200
# What stands where a letter could not be read.
UNKNOWN: Final = "\ufffd"


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says what would be right."""


class Broken(Exception):
    """The file breaks off or loses its shape at a line; the rows before it were fine."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line, self.why = line, why


class Row(NamedTuple):
    """One row: the line of the file it begins at, and its cells; of a problem with its shape, the words."""

    line: int
    cells: list[str]
    problem: str = ""


@dataclass
class Table:
    """A file's header, and its rows, read as they are asked for. Iterating may raise `Broken`."""

    header: list[str]
    rows: Iterator[Row]
    encoding: str = ""
    delimiter: str = ""
    made_by: str = field(default="")


def checked_header(cells: list[str]) -> list[str]:
    """The header's names in one line each, the empty ones at its end left out. Raises `Unreadable`."""
    names = [" ".join(cell.replace("\ufeff", "").split())[:MAX_HEADER] for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unreadable(_("The first row is empty. It must name the columns."))
    if len(names) > MAX_COLUMNS:
        raise Unreadable(
            _("The file has %(n)d columns; at most %(most)d are read. Remove the columns you do not need.")
            % {"n": len(names), "most": MAX_COLUMNS}
        )
    return names


def fitted(line: int, cells: list[str], width: int) -> Row:
    """The row cut or filled to the header's width; what is lost by that is its problem."""
    if any(cell.strip() for cell in cells[width:]):
        told = _("The row has %(n)d cells, and the header names %(width)d columns.")
        return Row(line, cells[:width], told % {"n": len(cells), "width": width})
    if any(len(cell) > MAX_CELL for cell in cells):
        return Row(line, [cell[:MAX_CELL] for cell in cells[:width]], _("A cell of this row is too long."))
    if any(UNKNOWN in cell for cell in cells):
        return Row(line, cells[:width], _("The row has letters that cannot be read. Choose another encoding."))
    return Row(line, [*cells[:width], *[""] * (width - len(cells))])
