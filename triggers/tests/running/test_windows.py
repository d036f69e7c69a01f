"""Local times and sending windows, through both changes of the clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from triggers.running.windows import local, opening
from triggers.workflows.document import Window

BERLIN, YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("day", "clock", "zone", "instant"),
    [
        (date(2026, 5, 4), "09:00", BERLIN, datetime(2026, 5, 4, 7, 0, tzinfo=UTC)),
        # 02:30 does not exist: the first instant after the gap
        (date(2026, 3, 29), "02:30", BERLIN, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 3, 8), "02:00", YORK, datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        # 02:30 exists twice: the first
        (date(2026, 10, 25), "02:30", BERLIN, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 5, 4), "24:00", BERLIN, datetime(2026, 5, 4, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_local_time_is_an_instant(day: date, clock: str, zone: ZoneInfo, instant: datetime) -> None:
    assert local(day, clock, zone).astimezone(UTC) == instant


def window(start: str, end: str, *weekdays: int) -> Window:
    return Window.model_validate({"from": start, "to": end, "weekdays": list(weekdays) or [1, 2, 3, 4, 5, 6, 7]})


MONDAY_NOON = datetime(2026, 5, 4, 12, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("windows", "opens"),
    [
        ([window("09:00", "17:00")], MONDAY_NOON),
        ([window("13:00", "17:00")], datetime(2026, 5, 4, 13, 0, tzinfo=BERLIN)),
        ([window("08:00", "12:00")], datetime(2026, 5, 5, 8, 0, tzinfo=BERLIN)),
        ([window("08:00", "12:00", 6), window("18:00", "19:00", 3)], datetime(2026, 5, 6, 18, 0, tzinfo=BERLIN)),
        ([window("12:00", "12:00")], None),
    ],
)
def test_a_window_opens_now_or_next(windows: list[Window], opens: datetime | None) -> None:
    assert opening(windows, BERLIN, MONDAY_NOON, set()) == opens


def test_a_holiday_is_passed_over() -> None:
    opens = opening([window("09:00", "17:00")], BERLIN, MONDAY_NOON, {"2026-05-04", "2026-05-05"})

    assert opens == datetime(2026, 5, 6, 9, 0, tzinfo=BERLIN)
