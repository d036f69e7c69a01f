"""The stores a fleet runs on: a database of its own, made from a migrated template, and perhaps a broker.

Which ones there are follows from the suite's own settings: script/test runs it once on SQLite and once on
PostgreSQL with a broker, so every store has its turn.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from kombu import Connection

HOUSE = Path(settings.BASE_DIR)


@dataclass(frozen=True)
class Kind:
    """`broker`: "none" (the engine polls), "real" (the suite's own), or "files" (the embedded default)."""

    name: str
    vendor: str
    broker: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind("postgres-broker", "postgresql", "real"),
        Kind("postgres", "postgresql", "none"),
        Kind("sqlite", "sqlite", "none"),
        Kind("sqlite-files", "sqlite", "files"),
    )
}


@dataclass
class Store:
    """A database and a broker that nobody else uses, and the environment that leads a process to them."""

    kind: Kind
    folder: Path
    name: str
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def broker_url(self) -> str:
        return self.environ["CELERY_BROKER_URL"]


def require(kind: Kind) -> None:
    """Skips the test where this suite has no such store, saying which has."""
    if connection.vendor != kind.vendor:
        pytest.skip(f"needs {kind.vendor}: DATABASE_URL of this run names {connection.vendor}; script/test runs both")
    if kind.broker == "real" and settings.CELERY_BROKER_URL.startswith("filesystem"):
        pytest.skip("needs RabbitMQ or Redis: CELERY_BROKER_URL of this run names none; script/test finds one")


@contextmanager
def template(folder: Path) -> Iterator[str]:
    """A database with every table, to be copied: its name, on SQLite the path of its file."""
    name = _fresh_name(folder, "template")
    with _existing(name):
        migrate = [sys.executable, "manage.py", "migrate", "--run-syncdb", "--verbosity", "0"]
        subprocess.run(migrate, cwd=HOUSE, env=_environ(folder, name), check=True, timeout=300)
        yield name


@contextmanager
def store(kind: Kind, folder: Path, copied_from: str) -> Iterator[Store]:
    """A store of this kind that lasts for the block."""
    name = _fresh_name(folder, kind.name.replace("-", "_"))
    environ = _environ(folder, name)
    environ["FAULTS_QUEUES"] = f"faults-{uuid4().hex[:12]}"
    if kind.broker == "real":
        environ["CELERY_BROKER_URL"] = settings.CELERY_BROKER_URL
    environ["CONCOURS_POKE"] = "no" if kind.broker == "none" else "yes"
    with _existing(name, copied_from):
        made = Store(kind, folder, name, environ)
        yield made
        if kind.broker == "real":
            _forget_queues(made)


def _environ(folder: Path, name: str) -> dict[str, str]:
    found = os.environ | {
        "DJANGO_SETTINGS_MODULE": "concours.tests.faults.settings",
        "CONCOURS_VAR": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "CELERY_BROKER_URL": "filesystem://localhost",
        "PUBLIC_URL": "http://127.0.0.1",
        "PYTHONPATH": str(HOUSE),
        "PYTHONUNBUFFERED": "1",
    }
    if connection.vendor == "sqlite":
        return found | {"DATABASE_URL": f"sqlite:///{name}"}
    return found | {"FAULTS_DATABASE": name}


def _fresh_name(folder: Path, what: str) -> str:
    made = f"faults_{what}_{uuid4().hex[:8]}"
    return str(folder / f"{made}.sqlite3") if connection.vendor == "sqlite" else made


@contextmanager
def _existing(name: str, copied_from: str | None = None) -> Iterator[None]:
    """The database `name` exists within the block: copied, or empty."""
    if connection.vendor == "sqlite":
        if copied_from:
            shutil.copy(copied_from, name)
        yield
        return
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copied_from or "template1"}"')  # type: ignore[call-overload]
    try:
        yield
    finally:
        with _server() as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


@contextmanager
def _server() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """The suite's server, by a connection of our own: pytest-django guards Django's."""
    named = connection.settings_dict
    places = {"host": named["HOST"], "port": named["PORT"], "user": named["USER"], "password": named["PASSWORD"]}
    given = {key: value for key, value in places.items() if value}
    if named["OPTIONS"].get("host"):
        given["host"] = named["OPTIONS"]["host"]
    with psycopg.connect(dbname="postgres", autocommit=True, **given) as opened:  # type: ignore[arg-type]
        yield opened


@contextmanager
def backed_up(made: Store) -> Iterator[Callable[[], None]]:
    """A copy of the database as it is now, and a function that puts it in the place of what it has become.

    Nobody may be connected when either happens.
    """
    kept = _fresh_name(made.folder, "backup")
    with _existing(kept, made.name):
        if connection.vendor == "sqlite":
            # A killed process leaves its last commits beside the file.
            with closing(sqlite3.connect(made.name)) as whole, closing(sqlite3.connect(kept)) as copy:
                whole.backup(copy)

        def restore() -> None:
            if connection.vendor == "sqlite":
                for beside in ("-wal", "-shm"):
                    Path(f"{made.name}{beside}").unlink(missing_ok=True)
                shutil.copy(kept, made.name)
                return
            with _server() as server:
                server.execute(f'DROP DATABASE "{made.name}" WITH (FORCE)')  # type: ignore[call-overload]
                server.execute(f'CREATE DATABASE "{made.name}" TEMPLATE "{kept}"')  # type: ignore[call-overload]

        yield restore


def queued(made: Store) -> list[str]:
    """The messages that wait in the broker, as text; they are taken out."""
    if made.kind.broker != "real":
        return []
    found, prefix = [], made.environ["FAULTS_QUEUES"]
    with _broker(made) as broker:
        for name in ("fast", "outside", "bulk"):
            channel = broker.channel()
            with suppress(*broker.channel_errors):
                while message := channel.basic_get(f"{prefix}-{name}", no_ack=True):
                    found.append(f"{message.body!r} {message.headers}")
    return found


def put(made: Store, queue: str, body: str, content_type: str, task: str) -> None:
    """Leaves a message for a queue's workers, as anybody who reaches the broker could."""
    with _broker(made) as broker:
        headers = {"task": task, "id": str(uuid4()), "lang": "py", "argsrepr": "", "kwargsrepr": ""}
        broker.Producer(broker.channel()).publish(
            body, routing_key=f"{made.environ['FAULTS_QUEUES']}-{queue}", content_type=content_type,
            content_encoding="utf-8", headers=headers,
        )  # fmt: skip


def _broker(made: Store) -> Connection:
    """The broker as the fleet's workers reach it."""
    prefix = made.environ["FAULTS_QUEUES"]
    options = {"global_keyprefix": f"{prefix}-"} if made.broker_url.startswith("redis") else {}
    return Connection(made.broker_url, connect_timeout=5, transport_options=options)


def empty_queues(made: Store) -> None:
    """Throws away every message that waits in the broker."""
    with Connection(made.broker_url, connect_timeout=5) as broker:
        channel = broker.channel()
        prefix = made.environ["FAULTS_QUEUES"]
        for name in ("fast", "outside", "bulk"):
            if made.broker_url.startswith("redis"):
                channel.client.delete(f"{prefix}-{prefix}-{name}")
            else:
                channel.queue_purge(f"{prefix}-{name}")


def _forget_queues(made: Store) -> None:
    prefix = made.environ["FAULTS_QUEUES"]
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=5) as broker:
        if made.broker_url.startswith("redis"):
            keys = list(broker.default_channel.client.scan_iter(f"{prefix}-*"))
            if keys:
                broker.default_channel.client.delete(*keys)
            return
        channel = broker.channel()
        for name in ("fast", "outside", "bulk"):
            channel.queue_delete(f"{prefix}-{name}")
        channel.exchange_delete(f"{prefix}-fast")
