"""T2 and T2b: workers killed at random moments and at named points, and what is left of the promises after it."""

import random
import signal
import time
from dataclasses import dataclass

import pytest

from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.fleet import Fleet, Member
from concours.tests.faults.ledger import Account
from concours.tests.faults.waiting import TooLate, wait_until

STORES = ["postgres-broker", "postgres", "sqlite", "sqlite-files"]
# One kill in five takes the whole tree, as in M1.
TREES = 0.2
# Seconds without enough effects after which the next kill falls all the same. A worker that has no children is
# killed whole each time, and has to come up again before it can be killed at work.
PATIENCE = 15


@dataclass(frozen=True)
class Size:
    events: int
    kills: int
    # Seconds for everything to be done after the last kill (T2).
    draining: float = 120.0


PR, NIGHTLY = Size(300, 8), Size(10_000, 200)


def kill_through(fleet: Fleet, members: list[Member], size: Size, chance: random.Random) -> None:
    """Spreads the kills over the work: the n-th falls when about so many effects have happened."""
    for number in range(size.kills):
        goal = size.events * (number + 0.5) / (size.kills + 1) * 0.9
        try:
            wait_until(lambda goal=goal: fleet.sink.effects() >= goal, PATIENCE, "the next kill")
        except TooLate:
            print(f"kill {number} falls early, at {fleet.sink.effects()} effects of {goal:.0f}")
        # Else every kill would come right after a request did.
        time.sleep(chance.uniform(0, 0.1))
        member = chance.choice(members)
        if chance.random() < TREES or not member.kill_child(chance):
            member.kill()
            member.start()


@pytest.mark.parametrize("size", [PR, pytest.param(NIGHTLY, marks=pytest.mark.nightly)], ids=["pr", "nightly"])
@pytest.mark.parametrize("store", STORES)
def test_kills_lose_nothing_and_repeat_nothing(fleet: MakeFleet, store: str, size: Size, chance: random.Random) -> None:
    began = time.monotonic()
    crew = fleet(store)
    console, writer = crew.console(), crew.console()
    console.ask("prepare", url=crew.sink.url())
    members = crew.start_engine()
    crew.wait_ready()

    acks = str(crew.store.folder / "writer.acks")
    writer.tell("write", acks=acks, prefix="t2", count=size.events, rollbacks=0.1, seed=chance.randrange(10**6))
    kill_through(crew, members, size, chance)
    last_kill = time.monotonic()
    committed = writer.answer()

    account = crew.settle(size.draining)
    print(f"{store}: {account}; {size.kills} kills; drained {time.monotonic() - last_kill:.0f} s after the last,")
    print(f"{time.monotonic() - began:.0f} s in all; losses by token: {console.ask('losses')}")
    assert account.committed == committed
    assert account.broken == {}
    assert account.duplicates <= size.kills
    assert len(account.uncertain) <= size.kills / 3


# With what chance each point kills: a batch passes the first two, every single call the others.
CHANCES = {
    "events.matched": 0.5,
    "runs.walked": 0.3,
    "call.claimed": 0.3,
    "call.sent": 0.3,
    "call.settled": 0.3,
    "call.recorded": 0.3,
}
WINDOW = ("call.claimed", "call.sent", "call.settled")
POLLED = ["postgres", "sqlite"]
WORKERS = 3


def crash_through(crew: Fleet, points: dict[str, float], events: int, *, keyed: bool) -> Account:
    """Writes events for an engine that kills itself at the points, lets a sound one finish, and compares."""
    console, writer = crew.console(), crew.console()
    console.ask("prepare", url=crew.sink.url(), keyed=keyed)
    armed = ",".join(f"{point}:{chance}" for point, chance in points.items())
    engine = crew.engine(WORKERS, CONCOURS_CRASH=armed)
    # A trickle, for a flood would be matched in one batch.
    writer.ask("write", acks=str(crew.store.folder / "writer.acks"), prefix="t2b", count=events, pause=0.005)
    wait_until(lambda: console.ask("open_work") < events / 10, 120, "most of the work done between crashes")
    engine.kill()
    crew.engine(2)
    return crew.settle()


@pytest.mark.parametrize("keyed", [True, False], ids=["keyed", "at-most-once"])
@pytest.mark.parametrize("store", POLLED)
def test_crashes_at_every_named_point(fleet: MakeFleet, store: str, keyed: bool) -> None:
    """T2b on a pull request: all points in one fleet."""
    crew = fleet(store, lease=1.5)

    account = crash_through(crew, {point: chance / 4 for point, chance in CHANCES.items()}, 80, keyed=keyed)

    crashes = list(crew.lost())
    judge_crashes(crew, account, crashes, keyed=keyed)
    assert len(crashes) >= 10


@pytest.mark.nightly
@pytest.mark.parametrize("keyed", [True, False], ids=["keyed", "at-most-once"])
@pytest.mark.parametrize("point", CHANCES)
@pytest.mark.parametrize("store", POLLED)
def test_a_hundred_crashes_at_each_named_point(fleet: MakeFleet, store: str, point: str, keyed: bool) -> None:
    crew = fleet(store, lease=1.5)

    account = crash_through(crew, {point: CHANCES[point]}, 450, keyed=keyed)

    crashes = list(crew.lost())
    judge_crashes(crew, account, crashes, keyed=keyed)
    assert len(crashes) >= 100
    if not keyed and point not in WINDOW:
        # None but the calls that the armed workers were in when they were taken away.
        assert len(account.uncertain) <= WORKERS


def judge_crashes(crew: Fleet, account: Account, crashes: list[int], *, keyed: bool) -> None:
    """Nothing lost, nothing extra; without a key every lost worker's call is uncertain, and no other is."""
    losses = crew.consoles[0].ask("losses")
    print(f"{account}; {len(crashes)} crashes, {sum(losses.values())} of them during a call")
    assert set(crashes) == {-signal.SIGKILL}
    assert account.broken == {}
    # Three workers lost over one call quarantine it even where it may be repeated (R9).
    given_up = {token for token, times in losses.items() if times >= (3 if keyed else 1)}
    assert set(account.uncertain) == given_up
    assert account.duplicates <= (sum(losses.values()) if keyed else 0)
