"""T10: workers stopped past their lease and let go again, while others have taken their work over."""

import os
import random
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.fleet import Fleet, Member
from concours.tests.faults.waiting import TooLate, wait_until

LEASE = 1.0
# Long beside what else a call costs, so that most pauses fall into one.
ANSWERS_AFTER = 0.3
PACE = 0.15


@dataclass(frozen=True)
class Size:
    events: int
    pauses: int


PR, NIGHTLY = Size(60, 4), Size(3_000, 100)


def pause_through(crew: Fleet, members: list[Member], size: Size, chance: random.Random) -> None:
    """Stops processes in the middle of a call, until others have taken it over or well past the lease."""
    for number in range(size.pauses):
        goal = size.events * number // (size.pauses + 1)
        wait_until(lambda goal=goal: crew.sink.requests() > goal, 120, "the moment of the next pause")
        stopped = wait_until(lambda: in_a_call(crew, members), 60, "a call")
        signal_all(stopped, signal.SIGSTOP)
        before = crew.consoles[0].ask("losses")
        time.sleep(LEASE * chance.uniform(1.2, 1.6))
        with suppress(TooLate):
            wait_until(lambda before=before: crew.consoles[0].ask("losses") != before, 5, "work taken over")
        signal_all(stopped, signal.SIGCONT)


def in_a_call(crew: Fleet, members: list[Member]) -> list[int]:
    """The processes that have a connection to the receiver just now."""
    established, there = "01", f":{crew.sink.port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[2].endswith(there) and row[3] == established}
    pids = [pid for member in members for pid in member.pids()]
    return [pid for pid in pids if sockets & set(open_files(pid))]


def open_files(pid: int) -> list[str]:
    with suppress(FileNotFoundError):
        return [os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir()]
    return []


def signal_all(pids: list[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@pytest.mark.parametrize("size", [PR, pytest.param(NIGHTLY, marks=pytest.mark.nightly)], ids=["pr", "nightly"])
@pytest.mark.parametrize("store", ["postgres-broker", "postgres", "sqlite"])
def test_a_worker_that_slept_past_its_lease_moves_nothing(
    fleet: MakeFleet, store: str, size: Size, chance: random.Random
) -> None:
    crew = fleet(store, lease=LEASE)
    console, writer = crew.console(), crew.console()
    console.ask("prepare", url=crew.sink.url())
    crew.sink.mode("slow", seconds=ANSWERS_AFTER)
    members = [member for member in crew.start_engine(processes=3) if not member.name.startswith("beat")]
    crew.wait_ready()

    acks = str(crew.store.folder / "writer.acks")
    # Paced, for a backlog is older than an expired lease, and would be done before it is taken over.
    writer.tell("write", acks=acks, prefix="t10", count=size.events, pause=PACE)
    pause_through(crew, members, size, chance)
    writer.answer()

    account = crew.settle(120)
    late = sum(member.text().count("came too late") for member in members)
    print(f"{store}: {account}; {size.pauses} pauses, {late} results came too late; losses {console.ask('losses')}")
    # An effect of the stale holder would show as a second note, after the call.
    assert account.broken == {}
    assert account.uncertain == []
    # Without one the test has shown nothing.
    assert late > 0
