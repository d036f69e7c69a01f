"""The time zone of a contact as a clock: by its name, or the account's where it has none that exists."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones


@cache
def known() -> frozenset[str]:
    """Read once: the names lie in files."""
    return frozenset(available_timezones())


def zone_of(name: str, ours: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(name) if name in known() else ours
