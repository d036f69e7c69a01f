"""Moments and spans as staff read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from triggers.wording import moments

NOW = datetime(2026, 6, 9, 10, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW - timedelta(minutes=36), "10:14"),
        (NOW + timedelta(days=2), "Thu 10:50"),
        (NOW - timedelta(days=1, hours=15), "Sun 19:50"),
        (NOW - timedelta(days=60), "10 April 10:50"),
        (NOW - timedelta(days=400), "5 May 2025 10:50"),
        (None, ""),
    ],
)
def test_short(moment: datetime | None, said: str) -> None:
    assert moments.short(moment, NOW) == said


def test_the_day_is_the_local_one() -> None:
    late = datetime(2026, 6, 8, 22, 30, tzinfo=UTC)

    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert moments.short(late, NOW) == "00:30"
        assert moments.day(late, NOW) == "Today, 9 June"
    with timezone.override(UTC):
        assert moments.day(late, NOW) == "Yesterday, 8 June"
        assert moments.day(NOW - timedelta(days=4), NOW) == "Friday, 5 June"
        assert moments.day(NOW - timedelta(days=400), NOW) == "Monday, 5 May 2025"


def test_what_is_shown_can_be_pointed_at_for_the_exact_moment() -> None:
    assert moments.shown(NOW, NOW) == (
        '<time datetime="2026-06-09T10:50:00+00:00" title="Tuesday, 9 June 2026, 10:50:00">10:50</time>'
    )
    assert moments.shown(None) == ""


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0404, "40 ms"), (1.24, "1.2 s"), (31, "31 s"), (119.4, "119 s"), (120, "2 min"), (51_780, "14 h 23 min"),
        (2 * 86_400 + 3 * 3600, "2 d 3 h"),
    ],
)  # fmt: skip
def test_lasted(seconds: float, said: str) -> None:
    assert moments.lasted(seconds) == said
