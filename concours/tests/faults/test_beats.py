"""T12: three clocks at once, killed at random, and none at all for an hour, a day and ten days."""

import random
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.fleet import Fleet, Member
from concours.tests.faults.waiting import wait_until

STORES = ["postgres", "sqlite"]
MODULE = "concours.tests.faults.calendar"
# A summer's day, so that 09:00 of every zone is plain; changes of the clock are T13's.
START = datetime(2027, 7, 1, 6, tzinfo=UTC)
CLOCKS = 3


@dataclass(frozen=True)
class Size:
    """So many seconds a second pass for so many real ones, with so many kills; then outages of so many hours."""

    speed: float
    seconds: float
    kills: int
    outages: tuple[float, ...]


PR, NIGHTLY = Size(180, 8, 6, (1,)), Size(120, 60, 100, (1, 24, 240))


def beating(crew: Fleet, start: datetime, speed: float) -> list[Member]:
    numbers = (str(time.time()), start.isoformat(), str(speed))
    members = [
        crew.add(f"clock{len(crew.members)}", sys.executable, "-m", "concours.tests.faults.clock", *numbers,
                 ready="beating")
        for _n in range(CLOCKS)
    ]  # fmt: skip
    for member in members:
        wait_until(member.is_ready, 60, "a clock")
    return members


def run_for(crew: Fleet, start: datetime, size: Size, kills: int, chance: random.Random) -> datetime:
    """Three clocks for a while, of which one is killed now and then; what they showed at the end."""
    began, members = time.time(), beating(crew, start, size.speed)
    ends = time.time() + size.seconds
    moments = sorted(chance.uniform(time.time(), ends) for _n in range(kills))
    for moment in moments:
        time.sleep(max(0.0, moment - time.time()))
        member = chance.choice(members)
        member.kill_child(chance)
    time.sleep(max(0.0, ends - time.time()))
    # The next minute of moved time has begun for each of them, whoever was killed last.
    time.sleep(3 * 60 / size.speed)
    for member in members:
        member.kill()
        crew.members.remove(member)
    return start + timedelta(seconds=(time.time() - began) * size.speed)


@pytest.mark.parametrize("size", [PR, pytest.param(NIGHTLY, marks=pytest.mark.nightly)], ids=["pr", "nightly"])
@pytest.mark.parametrize("store", STORES)
def test_each_occurrence_is_told_once_whatever_the_clocks_do(
    fleet: MakeFleet, store: str, size: Size, chance: random.Random
) -> None:
    crew = fleet(store)
    console = crew.console()
    many = len(size.outages) > 1
    console.ask(f"{MODULE}:prepare", start=START.isoformat(), days=16 if many else 1, tasks_every=5 if many else 0.5)

    now = run_for(crew, START, size, size.kills, chance)
    down = []
    for hours in size.outages:
        again = now + timedelta(hours=hours)
        down.append([now.isoformat(), again.isoformat()])
        short = Size(size.speed, 3, 0, ())
        now = run_for(crew, again, short, 2, chance)

    told = console.ask(f"{MODULE}:told")
    asked = {"start": START.isoformat(), "until": now.isoformat(), "down": down}
    # A clock starts within seconds, which are minutes of its time.
    wanted = console.ask(f"{MODULE}:expected", **asked, slack=30 if many else 10)
    most = console.ask(f"{MODULE}:expected", **asked, slack=0)
    print(f"{store}: {told['counts']} of {wanted} to {most}, {size.kills + 2 * len(size.outages)} kills")
    assert told["twice"] == []
    for kind, count in wanted.items():
        assert count <= told["counts"].get(kind, 0) <= most[kind]
