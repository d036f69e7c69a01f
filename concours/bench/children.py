"""The product's own processes for a benchmark: a web server and a worker on the scratch database.

They run as compose.yaml starts them, on SQLite as script/server does, under the same supervisor, and end with the
block; should this process be killed, the kernel ends them (`concours.tether`).
"""

import os
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, sleep
from typing import Final

from django.conf import settings
from django.db import connection

from concours.management.commands.serve import answers
from concours.supervisor import Program, Supervisor

HOST: Final = "127.0.0.1"
PATIENCE: Final = 300.0
PYTHON: Final = (sys.executable, "-m")
# As in the image and in `manage.py serve`.
WEB_WORKERS: Final = {"postgresql": 2, "sqlite": 1}
WEB_THREADS: Final = 8
WORKER: Final = {"postgresql": ("--concurrency", "4"), "sqlite": ("--pool", "threads", "--concurrency", "8")}
ALONE: Final = ("--without-gossip", "--without-mingle", "--without-heartbeat")


class Stuck(Exception):
    """What was waited for did not come; the message ends with what the processes wrote."""


@dataclass(frozen=True)
class Installation:
    """Running processes: where the web server listens, their environment, and the last lines they wrote."""

    port: int
    environ: dict[str, str]
    web_workers: int
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=60))

    def wait(self, there: Callable[[], bool], what: str) -> None:
        """Until `there` is true. Raises `Stuck`."""
        until = monotonic() + PATIENCE
        while not there():
            if monotonic() > until:
                raise Stuck("\n".join([f"Waited in vain for {what}.", *self.lines]))
            sleep(0.01)

    def programs(self) -> Iterator[Program]:
        size = ("--workers", str(self.web_workers), "--threads", str(WEB_THREADS))
        web = ("gunicorn", "concours.wsgi", "--bind", f"{HOST}:{self.port}", *size)
        yield Program("web", (*PYTHON, *web, "--log-level", "warning", "--no-control-socket"))
        worker = ("celery", "--quiet", "-A", "concours", "worker", "--loglevel", "warning", *WORKER[connection.vendor])
        name = f"{self.environ['BENCH_QUEUES']}@%h"
        yield Program("worker", (*PYTHON, *worker, "-Q", "fast,outside,bulk", "-n", name, *ALONE))


@contextmanager
def installation(*names: str, web_workers: int | None = None) -> Iterator[Installation]:
    """Within the block the programs of these names run, and the web server, if among them, answers."""
    with TemporaryDirectory(prefix="concours-bench-") as folder:
        workers = web_workers or WEB_WORKERS[connection.vendor]
        made = Installation(_free_port(), environment(Path(folder)), workers)
        wanted = [program for program in made.programs() if program.name in names]
        supervisor = Supervisor(wanted, made.lines.append, made.environ)
        thread = Thread(target=supervisor.run)
        thread.start()
        try:
            if "web" in names:
                made.wait(lambda: answers(HOST, made.port), "the web server")
            yield made
        finally:
            supervisor.stop()
            thread.join()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


def environment(folder: Path) -> dict[str, str]:
    """The processes' environment: ours, with the scratch database, and nothing shared with other installations."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "concours.bench.settings",
        "BENCH_DATABASE": str(connection.settings_dict["NAME"]),
        "BENCH_QUEUES": folder.name,
        "CONCOURS_VAR": str(folder),
        # Secrets in the scratch database were sealed by this process.
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "HTTPS_ONLY": "no",
        "DEBUG": "no",
        "CONCOURS_POKE": "yes",
        "API_RATE": "1000000/min",
        "OUTGOING_ALLOW_LOOPBACK": "yes",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
    }
