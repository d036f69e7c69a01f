"""The poke: "look now", sent to the workers after a commit, by a thread of its own.

The request that committed never touches the broker, so a broker that hangs or is gone costs it
nothing; whatever is not poked is found by the sweep (reliability, R4).
"""

import logging
import os
import threading
from collections.abc import Callable
from functools import cache, partial
from typing import Final

from celery import current_app
from django.conf import settings
from django.db import transaction

from triggers.models.event import Lane

log = logging.getLogger(__name__)

# While commits come fast, one poke in this many seconds: a poke means "drain what is due".
SPACING: Final = 0.03
# A task's name, and its queue.
Task = tuple[str, str]
# What each lane's workers are called up with.
TASKS: Final[dict[Lane, Task]] = {
    Lane.FAST: ("triggers.match", "fast"),
    Lane.OUTSIDE: ("triggers.run_outside", "outside"),
    Lane.BULK: ("triggers.run_bulk", "bulk"),
}


class Poker(threading.Thread):
    """Sends the pokes of one task, one after another; those asked for meanwhile become one."""

    def __init__(self, task: Task) -> None:
        super().__init__(name=f"poker of {task[0]}", daemon=True)
        self.pid = os.getpid()
        self.task = task
        self._asked = threading.Event()
        self._pause = threading.Event()

    def ask(self) -> None:
        self._asked.set()

    def run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            send(*self.task)
            self._pause.wait(SPACING)


_pokers: dict[Task, Poker] = {}
_starting = threading.Lock()


def after_commit(whom: Lane | Task = Lane.FAST) -> None:
    """Pokes a lane's workers, or another task, once the current transaction has committed, once per transaction."""
    if not settings.CONCOURS_POKE:
        return
    ask, waiting = _asking(TASKS[whom] if isinstance(whom, Lane) else whom), transaction.get_connection().run_on_commit
    if not any(entry[1] is ask for entry in waiting):
        transaction.on_commit(ask)


def wake(lane: Lane) -> None:
    """Pokes the lane's workers at once, from here."""
    send(*TASKS[lane])


def send(task: str, queue: str) -> None:
    """Publishes a task without arguments; a broker that refuses is logged and left to the sweep."""
    try:
        current_app.send_task(task, queue=queue, retry=False, expires=60, ignore_result=True)
    except Exception as error:
        log.warning("poke %s not sent: %s", task, error)


@cache
def _asking(task: Task) -> Callable[[], None]:
    """The same function for the same task, so that a transaction that waits to call it is known."""
    return partial(_ask, task)


def _ask(task: Task) -> None:
    with _starting:
        poker = _pokers.get(task)
        # A forked worker inherits the object but not its thread.
        if poker is None or poker.pid != os.getpid() or not poker.is_alive():
            poker = _pokers[task] = Poker(task)
            poker.start()
    poker.ask()
