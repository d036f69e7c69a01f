"""A clock of the installation, faster than others: scans every time-based type once a minute of moved time.

Run as a program: `clock.py BEGAN START SPEED`; the moved time is START + (now - BEGAN) * SPEED, so that several
clocks, and those started later, show the same. A parent replaces the process that is killed, as a supervisor does.
"""

import logging
import os
import sys
import time
from datetime import datetime, timedelta
from typing import NoReturn

import django

if __name__ == "__main__":
    # What follows needs the models.
    django.setup()

from django.db import connection

from concours.tether import tie_to
from triggers import scanning

TYPES = ("contact.birthday", "contact.custom_date_reached", "task.reminder_due")
MINUTE = timedelta(minutes=1)
log = logging.getLogger("clock")


def moved(began: float, start: datetime, speed: float) -> datetime:
    return start + timedelta(seconds=(time.time() - began) * speed)


def beat(began: float, start: datetime, speed: float, parent: int) -> NoReturn:
    tie_to(parent)
    print("beating", flush=True)
    while True:
        now = moved(began, start, speed)
        for kind in TYPES:
            try:
                scanning.scan(kind, now)
            except Exception:
                # A lock not granted, a lost connection: undone, and scanned again in a minute.
                log.exception("a scan failed")
                connection.close()
        left = (MINUTE - (moved(began, start, speed) - now)).total_seconds() / speed
        time.sleep(max(0.0, left))


def main(began: float, start: datetime, speed: float) -> NoReturn:
    me = os.getpid()
    while True:
        pid = os.fork()
        if pid == 0:
            beat(began, start, speed, me)
        os.waitpid(pid, 0)
        print("lost", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), float(sys.argv[3]))
