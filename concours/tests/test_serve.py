"""The command line of each child, and the whole of it once: start, answer, end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer

import pytest
from django.conf import settings as django_settings
from django.core.management.base import CommandError
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from concours.management.commands.serve import (
    address,
    announce,
    answers,
    environ,
    programs,
    reachable,
    refuse_taken,
)


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port where somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def command_line(name: str, *, verbose: bool = False) -> str:
    """The command line of one of the three, from the module's name on."""
    [program] = [each for each in programs("127.0.0.1", 8123, verbose) if each.name == name]
    assert program.argv[:2] == (sys.executable, "-m")
    return " ".join(program.argv[2:])


def test_the_web_server_is_one_process_with_eight_threads() -> None:
    assert command_line("web") == (
        "gunicorn concours.wsgi --bind 127.0.0.1:8123 --workers 1 --threads 8 --log-level warning --no-control-socket"
    )


def test_the_worker_takes_from_every_queue() -> None:
    assert command_line("worker") == (
        "celery --quiet -A concours worker --loglevel warning -P threads -c 8 -Q fast,outside,bulk "
        "-n concours-8123@%h --without-gossip --without-mingle --without-heartbeat"
    )
    assert {queue.name for queue in django_settings.CELERY_TASK_QUEUES} == {"fast", "outside", "bulk"}


def test_beat_leaves_no_pidfile() -> None:
    assert command_line("beat") == "celery --quiet -A concours beat --loglevel warning --pidfile="


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_verbose_shows_what_each_of_them_does(name: str) -> None:
    words = command_line(name, verbose=True).split()

    assert "info" in words
    assert "--quiet" not in words


def test_children_are_told_they_share_one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONCOURS_EMBEDDED", "PUBLIC_URL", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)

    told = environ("127.0.0.1", 8123, verbose=False)

    assert told["CONCOURS_EMBEDDED"] == "1"
    assert told["PUBLIC_URL"] == "http://127.0.0.1:8123"
    assert told["LOG_LEVEL"] == "WARNING"
    assert told["PATH"] == os.environ["PATH"]


def test_what_the_person_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://crm.example.org")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")

    told = environ("127.0.0.1", 8123, verbose=True)

    assert told["PUBLIC_URL"] == "https://crm.example.org"
    assert told["LOG_LEVEL"] == "ERROR"


@pytest.mark.parametrize(
    ("host", "written"), [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80"), ("crm.local", "crm.local:80")]
)
def test_an_address_is_written_as_browsers_expect_it(host: str, written: str) -> None:
    assert address(host, 80) == written


def test_a_taken_port_is_refused_with_what_to_do(taken_port: int) -> None:
    with pytest.raises(CommandError) as refused:
        refuse_taken("127.0.0.1", taken_port)

    assert str(refused.value) == (
        f"Cannot listen on 127.0.0.1:{taken_port}: Address already in use. "
        "Choose another with --host and --port; script/server reads HOST and PORT."
    )


def test_an_unknown_host_is_refused() -> None:
    with pytest.raises(CommandError, match=r"^Cannot listen on no\.invalid:8000: "):
        refuse_taken("no.invalid", 8000)


def test_any_answer_counts_as_an_answer(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/healthz").respond_with_data("broken", status=500)

    assert answers(httpserver.host, httpserver.port)


def test_nobody_answers_on_a_free_port(free_port: int) -> None:
    assert not answers("127.0.0.1", free_port)


def test_the_address_is_announced_once_it_answers(httpserver: HTTPServer) -> None:
    said: list[str] = []

    announce(httpserver.host, httpserver.port, said.append, Event())

    assert said == [f"Concours is at http://{httpserver.host}:{httpserver.port}/ (Ctrl-C ends it)"]


@pytest.mark.parametrize(("host", "called"), [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("10.0.0.1", "10.0.0.1")])
def test_a_server_on_every_address_is_called_on_one(host: str, called: str) -> None:
    assert reachable(host) == called


def test_asking_uses_a_name_the_application_accepts(httpserver: HTTPServer, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [".example.org", "crm.example.org"]
    httpserver.expect_request("/healthz", headers={"Host": "crm.example.org"}).respond_with_data("ok")

    assert answers(httpserver.host, httpserver.port)
    httpserver.check_assertions()


def test_nothing_is_announced_after_the_end(free_port: int) -> None:
    said: list[str] = []
    ended = Event()
    ended.set()

    announce("127.0.0.1", free_port, said.append, ended)

    assert said == []


def test_serve_starts_answers_and_ends(tmp_path: Path, free_port: int) -> None:
    environment = os.environ | {
        "CONCOURS_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'concours.sqlite3'}",
        "CELERY_BROKER_URL": "filesystem://localhost",
    }
    manage = [sys.executable, "manage.py"]
    subprocess.run(
        [*manage, "migrate", "--verbosity", "0"],
        cwd=django_settings.BASE_DIR,
        env=environment,
        check=True,
        timeout=120,
    )
    serve = [*manage, "serve", "--port", str(free_port)]

    with subprocess.Popen(
        serve, cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        too_late = Timer(60, serving.kill)
        too_late.start()
        announced = next(line for line in serving.stdout if line.startswith("Concours is at"))
        serving.send_signal(signal.SIGTERM)
        rest = serving.stdout.read()
        too_late.cancel()

    assert announced == f"Concours is at http://127.0.0.1:{free_port}/ (Ctrl-C ends it)\n"
    assert serving.returncode == 0
    assert "does not end" not in rest
    refuse_taken("127.0.0.1", free_port)
