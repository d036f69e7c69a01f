"""A contact's clock: its own zone's, or the account's."""

from zoneinfo import ZoneInfo

import pytest

from contacts.dates.zones import zone_of


@pytest.mark.parametrize(
    ("name", "clock"), [("Asia/Kathmandu", "Asia/Kathmandu"), ("", "Europe/Berlin"), ("Mars/Olympus", "Europe/Berlin")]
)
def test_a_zone_that_does_not_exist_is_the_accounts(name: str, clock: str) -> None:
    assert zone_of(name, ZoneInfo("Europe/Berlin")) == ZoneInfo(clock)
