"""The engine without a broker: a few processes that poll for what is due, and a parent that replaces the dead.

Run as a program: `engine.py PROCESSES THREADS AHEAD`; AHEAD moves its clock by so many seconds. Prints a line
for each process it lost. The parent imports Django once, so a replacement is there at once.
"""

import logging
import os
import sys
import time
from datetime import timedelta
from threading import Thread
from typing import NoReturn

import django

if __name__ == "__main__":
    # What follows needs the models.
    django.setup()

from django.db import connection
from django.utils import timezone

from concours.tether import tie_to
from triggers.matching import match
from triggers.models.event import Lane
from triggers.running import calling, run

IDLE = 0.03
log = logging.getLogger("engine")


def poll(ahead: timedelta) -> NoReturn:
    """Does what is due, one piece after the other, and looks again after a moment when nothing is."""
    while True:
        try:
            moved = step(ahead)
        except Exception:
            # A lost connection, a lock not granted: what was under way has been undone and is due again.
            log.exception("a step failed")
            connection.close()
            moved = 0
        if not moved:
            time.sleep(IDLE)


def step(ahead: timedelta) -> int:
    """One batch of each kind, each by the clock of its own beginning, as the tasks take them."""
    moved = 0
    for lane in (Lane.FAST, Lane.BULK):
        moved += match.match_due(lane, now=timezone.now() + ahead) + run.run_due(lane, now=timezone.now() + ahead)
    return moved + calling.call_due(now=timezone.now() + ahead)


def child(threads: int, ahead: timedelta, parent: int) -> NoReturn:
    tie_to(parent)
    say("polling")
    for _n in range(threads - 1):
        Thread(target=poll, args=(ahead,), daemon=True).start()
    poll(ahead)


def say(line: str) -> None:
    """In one piece: the pollers write into the same file."""
    os.write(1, f"{line}\n".encode())


def main(processes: int, threads: int, ahead: timedelta) -> None:
    me = os.getpid()
    alive: set[int] = set()
    while True:
        while len(alive) < processes:
            pid = os.fork()
            if pid == 0:
                child(threads, ahead, me)
            alive.add(pid)
        gone, status = os.wait()
        alive.discard(gone)
        say(f"lost {gone} {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), timedelta(seconds=float(sys.argv[3])))
