"""What other systems write, read into our one form; and what we write, read back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from contacts.importing import spellings


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("1984-02-29", "mdy", date(1984, 2, 29)), ("19840229", "mdy", date(1984, 2, 29)),
        ("3.4.1990", "mdy", date(1990, 4, 3)), ("03/04/1990", "mdy", date(1990, 3, 4)),
        ("03/04/1990", "dmy", date(1990, 4, 3)), ("3-4-1990", "dmy", date(1990, 4, 3)),
        ("1990/04/03", "dmy", date(1990, 4, 3)), ("1990-04-03 00:00:00", "mdy", date(1990, 4, 3)),
        ("12/31/85", "mdy", date(1985, 12, 31)), ("0/0/00", "mdy", None),
    ],
)  # fmt: skip
def test_days(text: str, order: str, expected: date | None) -> None:
    assert spellings.day(text, order) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2001-02-30", "There is no day “2001-02-30”."), ("30.02.2001", "There is no day “30.02.2001”."),
        ("--04-15", "“--04-15” has no year; a birth date needs one."), ("1604-04-15", "“1604-04-15” has no year"),
        ("soon", "“soon” is no date. Write it as 1990-04-03."),
    ],
)  # fmt: skip
def test_days_that_are_none(text: str, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        spellings.day(text, "mdy")
    assert refused.value.messages[0].startswith(why)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"),
        ("UNITED STATES", "US"),
        ("Türkiye", "TR"),
        ("UK", "GB"),
        ("south  korea", "KR"),
        ("fr", "fr"),
    ],
)
def test_countries(text: str, code: str) -> None:
    assert spellings.country(text) == code


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("VIP, Fair", ["VIP", "Fair"]), ("VIP; Fair, 2026", ["VIP", "Fair, 2026"]),
        ("* myContacts ::: Friends", ["* myContacts", "Friends"]), ('"a;b"; c', ["a;b", "c"]), ("", []), (" ; ", []),
    ],
)  # fmt: skip
def test_lists(text: str, parts: list[str]) -> None:
    assert spellings.items(text) == parts


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1).filter(
    lambda text: ":::" not in text and text.strip() == text
)


@given(st.lists(WORDS))
def test_lists_come_back(parts: list[str]) -> None:
    assert spellings.items(spellings.as_items(parts)) == parts


@given(st.text())
def test_an_escaped_cell_is_no_formula_and_comes_back(text: str) -> None:
    assert spellings.escaped(text)[:1] not in list("=+-@\t\r\n")
    assert spellings.unescaped(spellings.escaped(text)) == text


@pytest.mark.parametrize(
    ("text", "day"), [("--04-15", "04-15"), ("--0415", "04-15"), ("1604-02-29", "02-29"), ("1984-04-15", ""), ("", "")]
)
def test_a_birthday_may_lack_its_year(text: str, day: str) -> None:
    assert spellings.yearless(text) == day


def test_a_day_that_no_year_has_is_refused() -> None:
    with pytest.raises(ValidationError, match="There is no day"):
        spellings.yearless("--02-30")
