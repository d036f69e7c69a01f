"""T8: a broker that hangs, is away, or drops its connections. The row is the truth; the broker only says "look now"."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from concours.tests.faults import stores
from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.doors import percentile
from concours.tests.faults.proxy import Proxy
from concours.tests.faults.waiting import wait_until

STORE = "postgres-broker"
DEFAULT_PORTS = {"amqp": 5672, "redis": 6379}
# Seconds from a broker's return until work moves again, with nobody touching a worker (T7, T8).
RESUMING = 30.0


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """Stands before the suite's broker."""
    broker = urlsplit(settings.CELERY_BROKER_URL)
    with Proxy((broker.hostname or "127.0.0.1", broker.port or DEFAULT_PORTS.get(broker.scheme, 5672))) as made:
        yield made


def through(proxy: Proxy) -> dict[str, str]:
    """The environment of a process that reaches the broker by the proxy alone."""
    broker = urlsplit(settings.CELERY_BROKER_URL)
    account = broker.netloc.rpartition("@")[0]
    place = f"{account}@127.0.0.1:{proxy.port}" if account else f"127.0.0.1:{proxy.port}"
    return {"CELERY_BROKER_URL": broker._replace(netloc=place).geturl()}


@pytest.mark.parametrize("count", [80, pytest.param(1000, marks=pytest.mark.nightly)])
def test_no_request_waits_for_a_broker_that_hangs(fleet: MakeFleet, proxy: Proxy, count: int) -> None:
    crew = fleet(STORE)
    crew.web(**through(proxy))
    crew.worker()
    crew.beat()
    door = crew.door()
    crew.wait_ready()
    door.send("warm", 20)

    baseline = percentile(door.send("well", count), 0.99)
    proxy.swallow()
    hanging = percentile(door.send("hanging", count), 0.99)

    account = crew.settle(120)
    print(f"p99 {baseline * 1000:.0f} ms, with a hanging broker {hanging * 1000:.0f} ms; {account}")
    assert hanging <= baseline + 1
    assert account.broken == {}
    assert account.committed == 2 * count + 20


def test_a_broker_that_is_away_until_the_end_costs_nothing(fleet: MakeFleet, proxy: Proxy) -> None:
    proxy.refuse()
    crew = fleet(STORE, environ=through(proxy))
    crew.web()
    crew.worker()
    crew.beat()
    door = crew.door()

    door.send("away", 100)
    assert crew.sink.requests() == 0
    proxy.listen()
    wait_until(lambda: crew.sink.effects() > 0, 2 * RESUMING, "the first call")

    account = crew.settle()
    print(account)
    assert account.broken == {}
    assert account.committed == 100


@pytest.mark.parametrize("cuts", [2, pytest.param(10, marks=pytest.mark.nightly)])
def test_work_resumes_after_every_cut(fleet: MakeFleet, proxy: Proxy, cuts: int) -> None:
    crew = fleet(STORE, environ=through(proxy))
    crew.web()
    crew.worker()
    crew.beat()
    door = crew.door()
    crew.wait_ready()
    door.send("warm", 5)
    wait_until(lambda: crew.sink.effects() == 5, RESUMING, "the first calls")

    for number in range(1, cuts + 1):
        assert proxy.cut() > 0
        door.send(f"cut{number}", 5)
        wait_until(lambda number=number: crew.sink.effects() == 5 + 5 * number, RESUMING, f"work after cut {number}")

    account = crew.settle()
    print(account)
    assert account.broken == {}


def forged(marker: Path) -> list[tuple[str, str, str]]:
    """Body, content type and task of messages that none of us has sent: a file appears at `marker` if one is obeyed."""
    known = json.dumps([[], {}, {}])
    return [
        (f"cposix\nsystem\n(S'touch {marker}'\ntR.", "application/x-python-serialize", "triggers.match"),
        (f"!!python/object/apply:os.system ['touch {marker}']", "application/x-yaml", "triggers.match"),
        (json.dumps([[f"touch {marker}"], {}, {}]), "application/json", "os.system"),
        (json.dumps([[1], {"run": 1}, {}]), "application/json", "triggers.run_outside"),
        (json.dumps([["__import__('os')"], {}, {}]), "application/json", "triggers.scan"),
        ("{not json", "application/json", "triggers.match"),
        *((known, "application/json", name) for name in ("triggers.match", "triggers.run_outside", "triggers.sweep")),
    ]


def test_forged_messages_bring_about_nothing_but_a_look(fleet: MakeFleet, tmp_path: Path) -> None:
    """T28: what is due is done, once; no other code runs, and no worker is lost."""
    crew = fleet(STORE)
    crew.web()
    worker = crew.worker()
    door = crew.door()
    crew.wait_ready()
    marker = tmp_path / "obeyed"

    for number in range(3):
        for body, content_type, task in forged(marker):
            for queue in ("fast", "outside"):
                stores.put(crew.store, queue, body, content_type, task)
        door.send(f"round{number}", 10)

    account = crew.settle()
    print(account)
    assert (account.broken, account.committed) == ({}, 30)
    assert not marker.exists()
    # They did arrive, and the worker has outlived them.
    assert "os.system" in worker.text()
    assert worker.is_ready()
