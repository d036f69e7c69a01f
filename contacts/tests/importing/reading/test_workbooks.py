"""Excel workbooks: cells as one would type them, and workbooks that are none."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from contacts.importing.reading.rows import Unreadable
from contacts.importing.reading.workbooks import read_workbook


def book(*rows: list[Any]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def test_cells_become_what_one_would_type() -> None:
    data = book(
        ["Name", "Born", "Size", "On", "At", "None"],
        ["שלום 🌞", date(1984, 2, 29), 3.0, True, datetime(2026, 3, 4, 10, 30), None],
        [None, None, None, None, None, None],
        ["'=x", "007", 2.5, False, "", ""],
    )

    found = read_workbook(BytesIO(data))

    assert found.header == ["Name", "Born", "Size", "On", "At", "None"]
    assert [(row.line, row.cells) for row in found.rows] == [
        (2, ["שלום 🌞", "1984-02-29", "3", "true", "2026-03-04 10:30:00", ""]),
        (4, ["=x", "007", "2.5", "false", "", ""]),
    ]


def test_ten_thousand_columns_are_refused() -> None:
    with pytest.raises(Unreadable, match="10000 columns"):
        read_workbook(BytesIO(book([f"c{n}" for n in range(10_000)])))


@pytest.mark.parametrize("cut", [100, -200])
def test_a_workbook_that_is_cut_is_refused(cut: int) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        read_workbook(BytesIO(book(["Name"], ["Mia"])[:cut]))


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr("contacts.importing.reading.workbooks.UNPACKED", 1000)

    with pytest.raises(Unreadable, match="too large"):
        read_workbook(BytesIO(book(["Name"], ["Mia"])))
