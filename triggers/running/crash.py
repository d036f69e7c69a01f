"""Named crash points: where the fault tests kill a worker. Without CONCOURS_CRASH they are nothing.

CONCOURS_CRASH="call.sent:0.01,call.claimed:1" kills the process (SIGKILL) at the named points with
the given probability. The points, in the order an event passes them:

events.matched  runs are inserted, and the match not yet committed
runs.walked     database actions are done, and the walk not yet committed
call.claimed    the lease is committed, and the call not yet made
call.sent       the receiver has answered, and we have not recorded it
call.settled    the result is written, and not yet committed
call.recorded   the result is committed
"""

import os
import random
import signal

_POINTS = {
    name: float(chance)
    for name, _colon, chance in (
        part.partition(":") for part in os.environ.get("CONCOURS_CRASH", "").split(",") if part
    )
}


def _no_crash(point: str) -> None:
    """In production: nothing."""


def _crash(point: str) -> None:
    if random.random() < _POINTS.get(point, 0):  # noqa: S311 -- chance, not secrecy
        os.kill(os.getpid(), signal.SIGKILL)


crash = _crash if _POINTS else _no_crash
