"""T24: fifty events a second while somebody's transaction stays open, so that no row that is done can be cleared away."""

from dataclasses import dataclass

import psycopg
import pytest
from django.db import connection

from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.doors import percentile
from concours.tests.faults.fleet import Fleet

MODULE = "concours.tests.faults.stream"
RATE = 50


@dataclass(frozen=True)
class Size:
    """Seconds without, seconds with the open transaction, and the share that may be lost; seconds are few to judge by."""

    free: float
    held: float
    loss: float


PR, NIGHTLY = Size(5, 5, 0.4), Size(90, 90, 0.2)


@pytest.mark.parametrize("size", [PR, pytest.param(NIGHTLY, marks=pytest.mark.nightly)], ids=["pr", "nightly"])
def test_an_open_transaction_slows_nobody_down(fleet: MakeFleet, size: Size) -> None:
    crew = fleet("postgres")
    console = crew.console()
    console.ask(f"{MODULE}:prepare")
    crew.start_engine()
    crew.wait_ready()
    console.ask(f"{MODULE}:flow", prefix="warm", seconds=2, rate=RATE)

    free = console.ask(f"{MODULE}:flow", prefix="free", seconds=size.free, rate=RATE)
    with _open_transaction(crew):
        held = console.ask(f"{MODULE}:flow", prefix="held", seconds=size.held, rate=RATE)

    loss = 1 - held["per_s"] / free["per_s"]
    slow = percentile(held["looks"], 0.95) * 1000
    print(f"free {free['per_s']:.1f}/s, held {held['per_s']:.1f}/s: loss {loss:.1%}; what is due: p95 {slow:.1f} ms")
    assert loss <= size.loss
    assert slow <= 50


class _open_transaction:
    """A snapshot of the fleet's database that somebody keeps."""

    def __init__(self, crew: Fleet) -> None:
        self.name = crew.store.name

    def __enter__(self) -> None:
        named = connection.settings_dict
        given = {"host": named["HOST"], "port": named["PORT"], "user": named["USER"], "password": named["PASSWORD"]}
        self.opened = psycopg.connect(dbname=self.name, **{key: value for key, value in given.items() if value})
        self.opened.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self.opened.execute("SELECT count(*) FROM triggers_event")

    def __exit__(self, *_exc: object) -> None:
        self.opened.rollback()
        self.opened.close()
