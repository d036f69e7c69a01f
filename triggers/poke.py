"""The poke: "look now", sent to the workers after a commit, by a thread of its own.

The request that committed never touches the broker, so a broker that hangs or is gone costs it
nothing; whatever is not poked is found by the sweep (reliability, R4).
"""

import logging
import os
import threading
from typing import Final

from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

# While commits come fast, one poke in this many seconds: a poke means "drain what is due".
SPACING: Final = 0.03


class Poker(threading.Thread):
    """Sends pokes one after another; those asked for meanwhile become one."""

    def __init__(self) -> None:
        super().__init__(name="poker", daemon=True)
        self.pid = os.getpid()
        self._asked = threading.Event()
        self._pause = threading.Event()

    def ask(self) -> None:
        self._asked.set()

    def run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            send("triggers.match", "fast")
            self._pause.wait(SPACING)


_poker: Poker | None = None
_starting = threading.Lock()


def after_commit() -> None:
    """Pokes the matcher once the current transaction has committed, once per transaction."""
    if not settings.CONCOURS_POKE:
        return
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is _ask for entry in waiting):
        transaction.on_commit(_ask)


def send(task: str, queue: str) -> None:
    """Publishes a task without arguments; a broker that refuses is logged and left to the sweep."""
    try:
        current_app.send_task(task, queue=queue, retry=False, expires=60, ignore_result=True)
    except Exception as error:
        log.warning("poke %s not sent: %s", task, error)


def _ask() -> None:
    global _poker
    with _starting:
        # A forked worker inherits the object but not its thread.
        if _poker is None or _poker.pid != os.getpid() or not _poker.is_alive():
            _poker = Poker()
            _poker.start()
    _poker.ask()
