"""vCards of both versions, as phones and address books write them."""

from io import BytesIO

import pytest

from contacts.importing.reading.cards import FIELDS, read_cards
from contacts.importing.reading.rows import Broken, Unreadable

VERSION_3 = """BEGIN:VCARD
VERSION:3.0
N:Weiß;Jürgen;;Dr.;
FN:Dr. Jürgen Weiß
ORG:Nordlicht Energie GmbH;Sales
TITLE:CTO
EMAIL;TYPE=INTERNET;TYPE=WORK:jurgen@example.org
EMAIL:j.weiss@example.org
TEL;TYPE=CELL:+49 30 23125716
ADR;TYPE=WORK:;;Hauptstr. 1;Köln;NRW;50667;Germany
BDAY:1984-02-29
URL:https://example.org/a?b=1\\,2
CATEGORIES:VIP,Fair 2026
NOTE:Line one\\nLine two\\, with comma
UID:abc-1
END:VCARD
"""
VERSION_4 = """BEGIN:VCARD
VERSION:4.0
FN:محمد علي
N:علي;محمد;;;
EMAIL:mo@example.org
TEL;VALUE=uri;TYPE="voice,home":tel:+1-555-555-5555;ext=5555
BDAY:--0415
LANG:ar
END:VCARD
"""


def cards(text: str) -> list[dict[str, str]]:
    return [dict(zip(FIELDS, row.cells, strict=True)) for row in read_cards(BytesIO(text.encode())).rows]


def test_version_3() -> None:
    assert {name: value for name, value in cards(VERSION_3)[0].items() if value} == {
        "first_name": "Jürgen", "last_name": "Weiß", "email": "jurgen@example.org;j.weiss@example.org",
        "phone": "+49 30 23125716", "company": "Nordlicht Energie GmbH", "job_title": "CTO",
        "website": "https://example.org/a?b=1,2", "street": "Hauptstr. 1", "city": "Köln", "state": "NRW",
        "postal_code": "50667", "country": "Germany", "birth_date": "1984-02-29", "external_id": "abc-1",
        "tags": "VIP;Fair 2026", "note": "Line one\nLine two, with comma",
    }  # fmt: skip


def test_version_4_and_several_cards() -> None:
    first, second = cards(VERSION_3 + "\n" + VERSION_4)

    assert first["external_id"] == "abc-1"
    assert (second["first_name"], second["last_name"]) == ("محمد", "علي")
    assert (second["phone"], second["birth_date"], second["language"]) == ("+1-555-555-5555", "--0415", "ar")


def test_folded_lines_and_a_name_in_one() -> None:
    folded = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\n  Lovelace\r\nEMAIL:ada@exam\r\n ple.org\r\nEND:VCARD\r\n"

    assert (cards(folded)[0]["full_name"], cards(folded)[0]["email"]) == ("Ada Lovelace", "ada@example.org")


def test_rows_know_their_line() -> None:
    assert [row.line for row in read_cards(BytesIO((VERSION_3 + VERSION_4).encode())).rows] == [1, 17]


def test_a_file_that_is_cut_says_where() -> None:
    found = read_cards(BytesIO((VERSION_3 + VERSION_4[:60]).encode()))

    assert next(found.rows).line == 1
    with pytest.raises(Broken) as broken:
        next(found.rows)
    assert broken.value.line == 17


def test_a_table_is_no_card() -> None:
    with pytest.raises(Unreadable, match="BEGIN:VCARD"):
        read_cards(BytesIO(b"Name,City\n"))
