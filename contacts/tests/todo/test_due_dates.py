"""Due dates in local time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from contacts.todo.due_dates import Unit, due_at

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "amount", "unit", "clock", "due"),
    [
        # Wednesday
        ("2026-03-04 10:15:30", 30, "minutes", "", "2026-03-04 10:45:30"),
        ("2026-03-04 10:15", 20, "hours", "", "2026-03-05 06:15"),
        ("2026-03-04 10:15", 0, "days", "", "2026-03-04 10:15"),
        ("2026-03-04 10:15", 2, "days", "", "2026-03-06 10:15"),
        ("2026-03-04 10:15", 2, "days", "09:00", "2026-03-06 09:00"),
        ("2026-03-04 10:15", 0, "days", "17:00", "2026-03-04 17:00"),
        # that time has passed today
        ("2026-03-04 10:15", 0, "days", "09:00", "2026-03-05 09:00"),
        # summer time begins in between: days keep the clock, hours do not
        ("2026-03-28 10:00", 1, "days", "", "2026-03-29 10:00"),
        ("2026-03-28 10:00", 24, "hours", "", "2026-03-29 11:00"),
        # 02:30 does not exist on that day: the first instant that does
        ("2026-03-28 10:00", 1, "days", "02:30", "2026-03-29 03:00"),
    ],
)
def test_it_is_due_after_so_long(now: str, amount: int, unit: Unit, clock: str, due: str) -> None:
    assert due_at(at(now), amount, unit, BERLIN, at=clock) == at(due)


@pytest.mark.parametrize(
    ("now", "amount", "unit", "clock", "due"),
    [
        # Friday
        ("2026-03-06 10:00", 1, "days", "", "2026-03-09 10:00"),
        ("2026-03-06 10:00", 5, "days", "", "2026-03-13 10:00"),
        ("2026-03-06 10:00", 6, "days", "09:00", "2026-03-16 09:00"),
        ("2026-03-06 10:00", 0, "days", "09:00", "2026-03-09 09:00"),
        ("2026-03-06 17:30", 20, "hours", "", "2026-03-09 13:30"),
        ("2026-03-06 10:00", 20, "minutes", "", "2026-03-06 10:20"),
        # Saturday and Sunday
        ("2026-03-07 10:00", 0, "days", "", "2026-03-09 10:00"),
        ("2026-03-07 10:00", 1, "days", "", "2026-03-09 10:00"),
        ("2026-03-08 10:00", 1, "days", "", "2026-03-09 10:00"),
        ("2026-03-08 10:00", 2, "days", "", "2026-03-10 10:00"),
    ],
)
def test_weekends_are_left_out(now: str, amount: int, unit: Unit, clock: str, due: str) -> None:
    assert due_at(at(now), amount, unit, BERLIN, at=clock, skip_weekends=True) == at(due)


def test_the_day_is_that_of_the_zone() -> None:
    late = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)  # the 5th in Berlin

    assert due_at(late, 1, "days", BERLIN, at="09:00") == at("2026-03-06 09:00")


def test_due_at_once_in_the_hour_that_comes_twice_is_now() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Berlin for the second time

    assert due_at(second, 0, "days", BERLIN) == second
