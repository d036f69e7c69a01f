"""Which calendar dates have their moment in a window, in every zone, around changes of the clock and leap days."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from contacts.dates.timing import DayOptions, anniversaries, firings

YEAR = datetime(2027, 7, 1, tzinfo=UTC)


def found(zone: str, since: datetime, until: datetime, **options: Any) -> list[tuple[date, int, datetime]]:
    each = firings(DayOptions(**options), since, until, frozenset([zone]))
    return [(firing.target, firing.offset, firing.moments[zone]) for firing in each]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kathmandu", "Pacific/Apia"]
)
@pytest.mark.parametrize("at", ["00:00", "02:30", "09:00", "23:59"])
def test_each_day_of_a_year_has_one_moment_however_the_year_is_cut(zone: str, at: str) -> None:
    """A year with both changes of the clock and 29 February, in windows of an hour and of 8 hours."""
    for hours in (1, 8):
        step, days = timedelta(hours=hours), Counter[date]()
        start = YEAR
        while start < YEAR + timedelta(days=366):
            for target, _offset, moment in found(zone, start, start + step, at=at):
                days[target] += 1
                local = moment.astimezone(ZoneInfo(zone))
                assert local.date() == target
                assert local.strftime("%H:%M") == at or local.strftime("%H:%M") == "03:00"
            start += step
        assert set(days.values()) == {1}
        assert 365 <= len(days) <= 367


def test_days_before_and_after_count_from_the_date() -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=UTC)

    around = found("UTC", noon - timedelta(hours=1), noon, at="12:00", days_before=[7, 1], days_after=[30])

    assert around == [
        (date(2026, 3, 11), -7, noon), (date(2026, 3, 5), -1, noon), (date(2026, 3, 4), 0, noon),
        (date(2026, 2, 2), 30, noon),
    ]  # fmt: skip


def test_a_window_begins_after_its_start_and_holds_its_end() -> None:
    nine = datetime(2026, 3, 4, 9, tzinfo=UTC)
    minute = timedelta(minutes=1)

    assert found("UTC", nine - minute, nine) == [(date(2026, 3, 4), 0, nine)]
    assert found("UTC", nine, nine + minute) == []


@pytest.mark.parametrize(
    ("day", "leap_day", "born"),
    [
        (date(2027, 2, 28), "28 February", {(2, 28), (2, 29)}),
        (date(2027, 3, 1), "28 February", {(3, 1)}),
        (date(2027, 3, 1), "1 March", {(3, 1), (2, 29)}),
        (date(2027, 2, 28), "leap years only", {(2, 28)}),
        (date(2028, 2, 28), "28 February", {(2, 28)}),
        (date(2028, 2, 29), "leap years only", {(2, 29)}),
        (date(2100, 2, 28), "28 February", {(2, 28), (2, 29)}),
    ],
)
def test_29_february(day: date, leap_day: Any, born: set[tuple[int, int]]) -> None:
    assert anniversaries(day, leap_day) == born


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"on_the_day": False}, "Choose at least one day: on the day, days before or days after."),
        ({"days_before": [0]}, "greater than or equal to 1"),
        ({"days_after": [366]}, "less than or equal to 365"),
        ({"at": "9:00"}, "should match pattern"),
        ({"timezone": "mine"}, "Input should be 'account' or 'contact'"),
        ({"weekday": 3}, "Extra inputs are not permitted"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DayOptions.model_validate(options)
