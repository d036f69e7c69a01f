from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from triggers.conditions.moments import Clock

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def clock(zone: str) -> Clock:
    return Clock.at(NOW, ZoneInfo(zone))


def test_the_moment_is_kept_in_utc_so_that_spans_are_elapsed_time():
    local = NOW.astimezone(ZoneInfo("Asia/Tokyo"))

    assert Clock.at(local, ZoneInfo("Asia/Tokyo")).now.tzinfo is UTC


def test_a_day_is_that_of_the_zone():
    late = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)

    assert clock("UTC").day(late) == date(2026, 3, 31)
    assert clock("Asia/Tokyo").day(late) == date(2026, 4, 1)


def test_the_first_day_of_the_calendar_has_a_day_in_every_zone():
    assert clock("America/New_York").day(datetime(1, 1, 1, tzinfo=UTC)) == date(1, 1, 1)


def test_a_time_without_offset_is_local():
    nine = datetime(2026, 3, 31, 9)

    assert clock("Europe/Berlin").instant(nine) == datetime(2026, 3, 31, 7, tzinfo=UTC)
    assert clock("Europe/Berlin").instant(nine.replace(tzinfo=UTC)) == datetime(2026, 3, 31, 9, tzinfo=UTC)


def test_midnight_is_one_instant_on_an_ordinary_day():
    earliest, latest = clock("Europe/Berlin").midnights(date(2026, 3, 29))

    assert earliest == latest == datetime(2026, 3, 28, 23, tzinfo=UTC)


def test_a_skipped_midnight_is_two_instants():
    # Brazil put its clocks from 00:00 to 01:00 on 4 November 2018.
    earliest, latest = clock("America/Sao_Paulo").midnights(date(2018, 11, 4))

    assert (earliest, latest) == (
        datetime(2018, 11, 4, 2, tzinfo=UTC),
        datetime(2018, 11, 4, 3, tzinfo=UTC),
    )


def test_a_repeated_midnight_is_two_instants():
    # Newfoundland put its clocks from 00:01 back to 23:01 on 7 November 2010.
    earliest, latest = clock("America/St_Johns").midnights(date(2010, 11, 7))

    assert (earliest, latest) == (
        datetime(2010, 11, 7, 2, 30, tzinfo=UTC),
        datetime(2010, 11, 7, 3, 30, tzinfo=UTC),
    )
