"""Everything on one machine: web, worker and beat as three children of one command."""

import http.client
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from concours.supervisor import Program, Supervisor


class Command(BaseCommand):
    help = (
        "Runs the web server, the worker and the scheduler together until Ctrl-C. "
        "For one machine; larger installations start the three by themselves (docs/operations.md)."
    )
    # migrate has just run them, and the three children fail loudly by themselves.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on. Default: 127.0.0.1")
        parser.add_argument("--port", default=8000, type=int, help="Port to listen on. Default: 8000")
        parser.add_argument("--verbose", action="store_true", help="Show what the three do, not only their warnings.")

    def handle(self, *args: Any, host: str, port: int, verbose: bool, **options: Any) -> None:
        refuse_taken(host, port)
        # Where collectstatic has never run, whitenoise finds the files by itself but misses the folder.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        supervisor = Supervisor(programs(host, port, verbose), self._write, environ(host, port, verbose))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # A server under nohup is started with SIGHUP ignored and shall outlive its terminal.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, lambda *_: supervisor.stop())
        ended = Event()
        Thread(target=announce, args=(host, port, supervisor.say, ended), daemon=True).start()
        try:
            supervisor.run()
        finally:
            ended.set()

    def _write(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def programs(host: str, port: int, verbose: bool) -> list[Program]:
    """The three programs, as `Program`s; quiet ones speak of warnings and errors only."""
    level = "info" if verbose else "warning"
    python = (sys.executable, "-m")
    celery = (*python, "celery", *(() if verbose else ("--quiet",)), "-A", "concours")
    web = ("gunicorn", "concours.wsgi", "--bind", address(host, port), "--workers", "1", "--threads", "8")
    # Nobody else is on this broker to greet, watch or gossip with.
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    queues = ("-P", "threads", "-c", "8", "-Q", "fast,outside,bulk", "-n", f"concours-{port}@%h")
    return [
        Program("web", (*python, *web, "--log-level", level, "--no-control-socket")),
        Program("worker", (*celery, "worker", "--loglevel", level, *queues, *alone)),
        # An empty pidfile name means none: two servers may share a folder, and a stale file stops nobody.
        Program("beat", (*celery, "beat", "--loglevel", level, "--pidfile=")),
    ]


def environ(host: str, port: int, verbose: bool) -> dict[str, str]:
    """The children's environment: ours, and what fits one machine where nothing else was asked for."""
    fitting = {
        "CONCOURS_EMBEDDED": "1",
        "PUBLIC_URL": f"http://{address(reachable(host), port)}",
        "LOG_LEVEL": "INFO" if verbose else "WARNING",
        "PYTHONUNBUFFERED": "1",
        # Celery warns root of pickled messages; ours are JSON only.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }
    return fitting | os.environ


def address(host: str, port: int) -> str:
    """`host:port`, with the brackets an IPv6 address needs."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def refuse_taken(host: str, port: int) -> None:
    """Raise CommandError when nobody can listen on `host`:`port`: a restart would never mend that."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        # create_server adds the address in Python's notation to what the system says.
        reason = (error.strerror or str(error)).partition(" (")[0]
        raise CommandError(
            _(
                "Cannot listen on %(address)s: %(reason)s. "
                "Choose another with --host and --port; script/server reads HOST and PORT."
            )
            % {"address": address(host, port), "reason": reason}
        ) from error


def reachable(host: str) -> str:
    """The host to call from this machine: one that listens on every address is no address itself."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def announce(host: str, port: int, say: Callable[[str], None], ended: Event) -> None:
    """Say where Concours is, as soon as it answers there; give up when `ended` is set."""
    here = reachable(host)
    while not answers(here, port):
        if ended.wait(0.1):
            return
    say(_("Concours is at http://%(address)s/ (Ctrl-C ends it)") % {"address": address(here, port)})


def answers(host: str, port: int) -> bool:
    """Whether a request gets any HTTP answer. An open port is no proof: it opens before the code loads."""
    # By a name the application accepts, so that asking leaves no error in its log.
    names = [name for name in settings.ALLOWED_HOSTS if not name.startswith(("*", "."))]
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("GET", "/healthz", headers={"Host": (names or ["localhost"])[0]})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
