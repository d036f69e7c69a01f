"""Rows into records: each cell read by its column, and what cannot be stored told in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.importing import columns
from contacts.importing.cells import Reading, Record
from contacts.importing.columns import Column
from contacts.importing.options import Options
from contacts.services import TELLING

Cells = Sequence[str]
NAMES = ("first_name", "last_name")


class Finding(NamedTuple):
    """What is wrong with a row; `column` is a header, empty for the row as a whole."""

    line: int
    column: str
    value: str
    message: str


class Checked(NamedTuple):
    """A row as it would be imported, None where it is refused, and what was found."""

    record: Record | None
    findings: list[Finding]


class Checker:
    """Reads the rows of one file. Made anew for each portion: equal cells of a portion are read once."""

    def __init__(self, header: Sequence[str], mapping: Mapping[str, str], options: Options) -> None:
        self.header, self.options = header, options
        known = columns.importable()
        # A custom field that was archived since is left out.
        chosen = [(int(number), known[name]) for number, name in mapping.items() if name in known]
        # Phone numbers are read by the row's country, which therefore comes first; a full name only fills in.
        order = {"country": 0, "full_name": 2}
        self.columns = sorted(chosen, key=lambda each: (order.get(each[1].name, 1), each[0]))
        self._known: dict[tuple[int, str, str], Record | str] = {}

    def check(self, line: int, cells: Cells, problem: str = "") -> Checked:
        if problem:
            return Checked(None, [Finding(line, "", "", problem)])
        findings: list[Finding] = []
        parts = list(self._parts(line, cells, findings))
        record = columns.joined(parts)
        told = any(record.get(name) for name in TELLING)
        if not told and not findings:
            message = _("Nothing says who this is: no name, company, e-mail, phone number or external id.")
            findings.append(Finding(line, "", "", message))
        refused = not told or (findings and self.options.bad_values == "refuse")
        return Checked(None if refused else record, findings)

    def _parts(self, line: int, cells: Cells, findings: list[Finding]) -> Iterator[Record]:
        country, named = self.options.country, False
        for number, column in self.columns:
            text = cells[number].strip() if number < len(cells) else ""
            if not text or (named and column.name == "full_name"):
                continue
            part = self._read(number, column, text, country)
            if isinstance(part, str):
                findings.append(Finding(line, self.header[number], text[:200], part))
                continue
            country = part.get("country") or country
            named = named or any(part.get(name) for name in NAMES)
            yield part

    def _read(self, number: int, column: Column, text: str, country: str) -> Record | str:
        """The record's part, or why there is none."""
        key = (number, text, country)
        if key not in self._known:
            try:
                self._known[key] = column.read(text, Reading(country, self.options.dates))
            except ValidationError as error:
                self._known[key] = " ".join(error.messages)
        return self._known[key]


def told(finding: Finding) -> dict[str, Any]:
    """The finding as a portion keeps it."""
    return finding._asdict()
