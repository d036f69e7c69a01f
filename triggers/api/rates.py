"""How often somebody may ask: a count per window in the cache, where adding one is a single atomic step.

REST framework's own throttle reads, changes and writes a list, so that parallel requests slip through.
"""

from typing import Final

from django.core.cache import cache

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_rate(rate: str) -> tuple[int, int]:
    """How many in how many seconds: "600/min" is 600 in 60. Units are s, min, hour and day."""
    number, _slash, unit = rate.partition("/")
    return int(number), _SECONDS[unit[0]]


def wait_for_turn(who: str, limit: int, seconds: int, now: float) -> float:
    """0.0 when `who` may ask now, which is then counted; else how many seconds to wait.

    At most `limit` in any `seconds`: the window before counts by the part of it that still lies within
    reach. `now` is a time in seconds.
    """
    window, into = divmod(now, seconds)
    earlier = min(int(cache.get(_key(who, seconds, window - 1), 0)), limit)
    here = _key(who, seconds, window)
    asked = _add_one(here, 2 * seconds)
    if asked + earlier * (1 - into / seconds) <= limit:
        return 0.0
    _take_back(here)
    if asked > limit:
        return seconds - into + seconds / limit
    return max(seconds * (1 - (limit - asked) / earlier) - into, 0.001)


def _key(who: str, seconds: int, window: float) -> str:
    return f"rate:{who}:{seconds}:{window:.0f}"


def _add_one(key: str, keep: int) -> int:
    while True:
        cache.add(key, 0, keep)
        try:
            return int(cache.incr(key))
        except ValueError:
            # It was dropped between the two steps: the cache makes room when it is full.
            continue


def _take_back(key: str) -> None:
    try:
        cache.decr(key)
    except ValueError:
        return
