"""Days, moments and birthdays as people write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from contacts.custom.days import Birthday, birthday, moment


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("1990-05-17", Birthday(date(1990, 5, 17), "")),
        ("05-17", Birthday(None, "05-17")),
        ("--05-17", Birthday(None, "05-17")),
        ("--0517", Birthday(None, "05-17")),
        ("02-29", Birthday(None, "02-29")),
        (" ", Birthday(None, "")),
        (None, Birthday(None, "")),
    ],
)
def test_a_birthday_may_lack_its_year(written: str | None, found: Birthday) -> None:
    assert birthday(written) == found
    assert birthday(str(found)) == found


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("02-30", "02-30 is not in the calendar."),
        ("--13-01", "--13-01 is not in the calendar."),
        ("17-05", "17-05 is not in the calendar."),
        ("1990-02-29", "1990-02-29 is not in the calendar."),
        ("17.5.", "Enter a date such as 1990-05-17, or 05-17 without the year."),
        ("0517", "Enter a date such as 1990-05-17, or 05-17 without the year."),
        ("🎂", "Enter a date such as 1990-05-17, or 05-17 without the year."),
        ("1066-10-14", "Enter a year from 1800 to 2999."),
    ],
)
def test_what_is_no_birthday_is_told_in_plain_words(written: str, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        birthday(written)

    assert refused.value.messages == [why]


@given(st.text(max_size=20) | st.dates())
def test_any_text_is_a_birthday_or_refused(written: str | date) -> None:
    try:
        found = birthday(written)
    except ValidationError:
        return
    assert birthday(str(found)) == found


def test_a_moment_without_a_zone_is_taken_in_the_zone_given() -> None:
    berlin = ZoneInfo("Europe/Berlin")

    assert moment("2026-07-01 09:00", berlin) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    # in the hour that summer time skips
    assert moment("2026-03-29 02:30", berlin) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert moment("2026-07-01T09:00Z", berlin) == datetime(2026, 7, 1, 9, tzinfo=UTC)
