"""The poke: "look now", sent to the workers after a commit, by a thread of its own.

The request that committed never touches the broker, so a broker that hangs or is gone costs it
nothing; whatever is not poked is found by the sweep (reliability, R4).
"""

import logging
import os
import threading
from collections.abc import Callable
from functools import cache
from typing import Final

from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

# The task that is poked, and its queue.
Task = tuple[str, str]
MATCH: Final[Task] = ("triggers.match", "fast")
# While commits come fast, one poke in this many seconds: a poke means "drain what is due".
SPACING: Final = 0.03


class Poker(threading.Thread):
    """Sends pokes one after another; those asked for meanwhile become one."""

    def __init__(self) -> None:
        super().__init__(name="poker", daemon=True)
        self.pid = os.getpid()
        self._asked = threading.Event()
        self._pause = threading.Event()
        self._wanted: set[Task] = set()

    def ask(self, task: Task) -> None:
        self._wanted.add(task)
        self._asked.set()

    def run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            while self._wanted:
                send(*self._wanted.pop())
            self._pause.wait(SPACING)


_poker: Poker | None = None
_starting = threading.Lock()


def after_commit(task: Task = MATCH) -> None:
    """Pokes the matcher, or another task, once the current transaction has committed, once per transaction."""
    if not settings.CONCOURS_POKE:
        return
    ask, waiting = _asking(task), transaction.get_connection().run_on_commit
    if not any(entry[1] is ask for entry in waiting):
        transaction.on_commit(ask)


def send(task: str, queue: str) -> None:
    """Publishes a task without arguments; a broker that refuses is logged and left to the sweep."""
    try:
        current_app.send_task(task, queue=queue, retry=False, expires=60, ignore_result=True)
    except Exception as error:
        log.warning("poke %s not sent: %s", task, error)


@cache
def _asking(task: Task) -> Callable[[], None]:
    """The same function for the same task, so that a transaction that waits to call it is known."""
    return lambda: _ask(task)


def _ask(task: Task) -> None:
    global _poker
    with _starting:
        # A forked worker inherits the object but not its thread.
        if _poker is None or _poker.pid != os.getpid() or not _poker.is_alive():
            _poker = Poker()
            _poker.start()
    _poker.ask(task)
