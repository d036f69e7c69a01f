"""The broker that is a folder: messages appear whole, and calls to look for work do not pile up."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from kombu import Connection

from concours.file_broker import ENOUGH, Transport


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def app(folder: Path) -> Iterator[Celery]:
    """An application whose broker is the folder; nobody reads from it."""
    made = Celery("of the test", broker="filesystem://localhost", set_as_current=False)
    made.conf.broker_transport = Transport
    made.conf.broker_transport_options = {
        "data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control"),
    }  # fmt: skip
    yield made
    made.close()


def unread(folder: Path, queue: str = "fast") -> int:
    return len(list(folder.glob(f"*.{queue}.msg")))


def test_a_message_appears_whole_and_is_read_once(app: Celery, folder: Path) -> None:
    for number in range(3):
        app.send_task("look", args=[number], queue="fast")

    assert [json.loads(path.read_text())["headers"]["task"] for path in folder.glob("*.msg")] == ["look"] * 3
    assert sorted(_read(app)[0] for _time in range(3)) == [[0], [1], [2]]
    assert unread(folder) == 0


def test_calls_that_nobody_reads_do_not_pile_up(app: Celery, folder: Path) -> None:
    for _time in range(ENOUGH + 20):
        app.send_task("look", queue="fast", expires=60)

    assert unread(folder) == ENOUGH
    app.send_task("look", queue="bulk", expires=60)
    assert unread(folder, "bulk") == 1
    _read(app)
    app.send_task("look", queue="fast", expires=60)
    assert unread(folder) == ENOUGH


def test_what_does_not_expire_is_always_put_down(app: Celery, folder: Path) -> None:
    for _time in range(ENOUGH):
        app.send_task("look", queue="fast", expires=60)

    app.send_task("clean up", queue="fast")

    assert unread(folder) == ENOUGH + 1


def _read(app: Celery) -> list[list[int]]:
    """The arguments of the next message of the queue."""
    connection: Connection
    with app.connection_for_read() as connection, connection.SimpleQueue("fast") as queue:
        message = queue.get(timeout=1)
        message.ack()
        return message.payload  # type: ignore[no-any-return]
