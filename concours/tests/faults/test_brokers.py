"""T8: a broker that hangs, is away, or drops its connections. The row is the truth; the broker only says "look now"."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings

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
