"""Text tables in every spelling that spreadsheets write, and files that are cut."""

from io import BytesIO
from typing import Any

import pytest

from contacts.importing.reading import rows
from contacts.importing.reading.delimited import detect_encoding, read_table
from contacts.importing.reading.rows import Broken, Unreadable

NAMES = "Name;Ort\r\nJürgen Weiß;Köln\r\nZoë;Łódź\r\n"


def table(data: bytes | str, **kwargs: Any) -> tuple[list[str], list[list[str]]]:
    found = read_table(BytesIO(data.encode() if isinstance(data, str) else data), **kwargs)
    return found.header, [row.cells for row in found.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_with_and_without_bom(encoding: str) -> None:
    assert table(NAMES.encode(encoding)) == (["Name", "Ort"], [["Jürgen Weiß", "Köln"], ["Zoë", "Łódź"]])


def test_windows_code_page() -> None:
    data = "Name,City\nJürgen Weiß,Köln\n€uro,“quoted”\n".encode("cp1252")

    assert detect_encoding(BytesIO(data)) == "cp1252"
    assert table(data)[1] == [["Jürgen Weiß", "Köln"], ["€uro", "“quoted”"]]


def test_another_encoding_can_be_chosen() -> None:
    data = "Имя,Город\nТарас,Київ\n".encode("cp1251")

    assert table(data, encoding="cp1251") == (["Имя", "Город"], [["Тарас", "Київ"]])


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters(mark: str) -> None:
    data = f'a{mark}"b{mark}{mark}"{mark}c\n1{mark}"2 "" two"{mark}3\n'

    assert table(data) == (["a", f"b{mark}{mark}".strip(), "c"], [["1", '2 " two', "3"]])


def test_a_line_that_names_the_delimiter_for_excel() -> None:
    assert table("sep=;\na;b\n1,5;2\n") == (["a", "b"], [["1,5", "2"]])


def test_lines_are_those_of_the_file_although_cells_hold_line_breaks() -> None:
    found = read_table(BytesIO(b'a,b\n1,"x\ny\nz"\n\n2,3\n'))

    assert [(row.line, row.cells) for row in found.rows] == [(2, ["1", "x\ny\nz"]), (6, ["2", "3"])]


def test_rows_are_filled_up_and_what_is_too_much_is_told() -> None:
    found = list(read_table(BytesIO(b"a,b\n1\n1,2,,\n1,2,3\n")).rows)

    assert [row.cells for row in found] == [["1", ""], ["1", "2"], ["1", "2"]]
    assert [row.problem for row in found] == ["", "", "The row has 3 cells, and the header names 2 columns."]


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b'a,b,c\n1,2,3\n4,"5', 3, "The quotes that open here do not close: the file breaks off."),
        (b'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n', 3, "The quotes that open here do not close: the file breaks off."),
        (b"a,b,c\n1,2,3\n4,5", 3, "The last row ends within column 2 of 3: the file breaks off."),
        ("a,b\n1,2\n3,Köln".encode()[:-3], 3, "The last row ends within column 2 of 2: the file breaks off."),
    ],
)
def test_a_file_that_is_cut_says_where(data: bytes, line: int, why: str) -> None:
    found = read_table(BytesIO(data))

    assert next(found.rows).line == 2
    with pytest.raises(Broken) as broken:
        list(found.rows)
    assert (broken.value.line, broken.value.why) == (line, why)


def test_a_last_row_without_line_break_is_whole() -> None:
    assert table(b"a,b\n1,2")[1] == [["1", "2"]]


def test_ten_thousand_columns_are_refused() -> None:
    with pytest.raises(Unreadable, match="10000 columns; at most 500 are read"):
        table(",".join(f"column {n}" for n in range(10_000)))


def test_a_line_without_end_is_not_read_into_memory(monkeypatch: Any) -> None:
    monkeypatch.setattr("contacts.importing.reading.delimited.MAX_LINE", 1000)

    with pytest.raises(Broken) as broken:
        list(read_table(BytesIO(b"a,b\n1,2\n" + b"x" * 5000)).rows)
    assert (broken.value.line, broken.value.why) == (3, "This line is too long for a row of contacts.")


def test_letters_that_cannot_be_read_are_a_problem_of_their_row() -> None:
    found = list(read_table(BytesIO("a,b\nKöln,1\nUlm,2\n".encode("cp1252")), encoding="utf-8-sig").rows)

    assert [row.problem for row in found] == [
        "The row has letters that cannot be read. Choose another encoding.", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "why"), [(b"", "empty"), (b"\n\n", "first row is empty"), (b"abc\0def\0\0gh,,", "no text")]
)
def test_what_is_no_table_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        table(data)


def test_a_cell_that_is_too_long_is_a_problem_of_its_row() -> None:
    found = list(read_table(BytesIO(b"a,b\n" + b"x" * (rows.MAX_CELL + 1) + b",1\n")).rows)

    assert found[0].problem == "A cell of this row is too long."
