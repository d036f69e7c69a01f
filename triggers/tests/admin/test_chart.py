"""Bars by day: today is the last, the highest fills the height, labels where there is room."""

from datetime import UTC, date, datetime

from triggers.admin.chart import bars, first_moment

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def test_each_day_has_a_bar_of_its_height() -> None:
    found = bars(NOW, 3, {date(2026, 3, 3): 4, date(2026, 3, 1): 2}, {date(2026, 3, 1): 1}, step=42)

    assert [(bar.label, bar.height, bar.failed_height, bar.y, bar.x, bar.width) for bar in found] == [
        ("1 Mar", 60, 30, 60, 5, 32), ("2", 0, 0, 120, 47, 32), ("Today", 120, 0, 0, 89, 32),
    ]  # fmt: skip
    assert found[0].name == "Sunday, 1 March"


def test_few_labels_where_days_are_narrow() -> None:
    assert [bar.label for bar in bars(NOW, 6, {}, {}, step=20, every=5)] == ["26 Feb", "", "", "", "", "Today"]


def test_the_first_day_begins_at_midnight() -> None:
    assert first_moment(NOW, 3).date() == date(2026, 3, 1)
    assert first_moment(NOW, 3).hour == 0
