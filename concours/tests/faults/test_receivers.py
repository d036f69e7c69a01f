"""T11 and T23: a receiver that comes back after it was dead, and receivers that hang beside healthy ones."""

from collections import Counter
from collections.abc import Iterable

import pytest

from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.doors import percentile
from concours.tests.faults.fleet import Fleet
from concours.tests.faults.sink import Request, most_at_once
from concours.tests.faults.waiting import wait_until
from triggers.running.destinations import BREAKS_AFTER, CAP

STORES = ["postgres", "sqlite"]
# Seconds over which a receiver's put-off calls are spread once its breaker closes.
SPREAD = 60


@pytest.mark.parametrize("count", [200, pytest.param(5000, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("store", STORES)
def test_a_receiver_that_returns_is_not_run_over(fleet: MakeFleet, store: str, count: int) -> None:
    crew = fleet(store, lease=30)
    console = crew.console()
    console.ask("prepare", url=crew.sink.url())
    crew.sink.mode("busy")
    console.ask("write", acks=str(crew.store.folder / "writer.acks"), prefix="t11", count=count)

    engine = crew.engine(1, threads=8)
    wait_until(lambda: len(due := console.ask("due_times")) == count and min(due) > 0, 300, "all put off")
    engine.kill()
    tried = crew.sink.requests()
    due = console.ask("due_times")
    # In a second of a small crowd chance alone may put twice as many as in the next.
    bucket = 1 if count >= 5000 else 5
    fullest = max(Counter(moment // bucket for moment in due).values())
    print(f"{tried} requests to the dead receiver; fullest {bucket} s: {fullest} of {count} calls")
    assert tried <= BREAKS_AFTER + CAP
    assert fullest <= 2 * count * bucket / SPREAD

    crew.sink.mode("slow", seconds=0.02)
    crew.engine(2, threads=4, ahead=max(due) + 1)
    account = crew.settle(300)
    most = most_at_once(crew.sink.read())
    print(f"{account}; at most {most} at once")
    assert account.broken == {}
    assert max(most.values()) <= CAP


RECEIVERS, HUNG = 50, 10


@pytest.mark.nightly
@pytest.mark.parametrize("threads", [24])
def test_receivers_that_hang_do_not_hold_up_the_others(fleet: MakeFleet, threads: int) -> None:
    """T23. The hung ones are the last ten addresses."""
    crew = fleet("postgres-broker", lease=60)
    console = crew.console()
    console.ask("prepare_receivers", urls=[crew.sink.url(number + 1) for number in range(RECEIVERS)])
    crew.worker("threads", 4, queues="fast,bulk")
    crew.worker("threads", threads, queues="outside")
    crew.beat()
    crew.wait_ready()
    knock(crew, "warm", 5)

    baseline = latencies(knock(crew, "well", 30), crew.sink.read())
    for number in range(RECEIVERS - HUNG, RECEIVERS):
        crew.sink.mode("hang", seconds=60, receiver=number + 1)
    healthy = latencies(knock(crew, "ill", 60), crew.sink.read())

    requests = crew.sink.read()
    hung = {f"127.0.0.{number + 1}" for number in range(RECEIVERS - HUNG, RECEIVERS)}
    most = max(times for to, times in most_at_once(requests).items() if to in hung)
    told = [f"p50 {percentile(them, 0.5):.2f}, p95 {percentile(them, 0.95):.2f} s" for them in (baseline, healthy)]
    print(f"all well: {told[0]}; healthy ones beside hung ones: {told[1]}; hung ones at most {most} at once")
    assert most <= CAP
    assert percentile(healthy, 0.95) <= 2 * percentile(baseline, 0.95)


def knock(crew: Fleet, prefix: str, seconds: float) -> dict[str, float]:
    """Five events a second, for one receiver after the other; when each was committed, by token. Waits until the
    calls to the healthy ones have been made.
    """
    sent: dict[str, float] = crew.consoles[0].ask("knock", prefix=prefix, receivers=RECEIVERS, seconds=seconds)
    healthy = {token for token in sent if int(token.rpartition("-")[2]) % RECEIVERS < RECEIVERS - HUNG}
    told = lambda: {request.token for request in crew.sink.read()}  # noqa: E731
    wait_until(lambda: healthy <= told(), 300, "every call to a healthy receiver")
    return {token: sent[token] for token in healthy}


def latencies(sent: dict[str, float], requests: Iterable[Request]) -> list[float]:
    """Seconds from commit to first arrival."""
    arrived: dict[str, float] = {}
    for request in requests:
        arrived.setdefault(request.token, request.at)
    return [arrived[token] - moment for token, moment in sent.items()]
