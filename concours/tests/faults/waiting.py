"""Waiting for what other processes do."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
# Between two looks. Short beside a deadline, long beside what a look costs.
PAUSE = 0.03


class TooLate(AssertionError):
    """What was waited for did not come."""


def wait_until(predicate: Callable[[], T], deadline: float, what: str = "it") -> T:
    """The first true answer of `predicate`; `TooLate` where there is none within `deadline` seconds.

    It polls: what is awaited happens in other processes, some of them killed or stopped half way, which by
    then can signal nobody. Deadlines are generous, for they only bound a failing test.
    """
    ends = time.monotonic() + deadline
    while not (answer := predicate()):
        if time.monotonic() > ends:
            raise TooLate(f"{what} did not come about within {deadline:g} s")
        time.sleep(PAUSE)
    return answer
