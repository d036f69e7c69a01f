"""T22: an import with five active rules, quiet and loud, beside what people do by hand."""

import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from concours.tests.faults.conftest import MakeFleet
from concours.tests.faults.doors import percentile
from concours.tests.faults.fleet import Fleet, Member
from concours.tests.faults.imports import RULES
from concours.tests.faults.waiting import wait_until

STORES = ["postgres-broker", "sqlite-files"]
MODULE = "concours.tests.faults.imports"
PR, NIGHTLY, RELEASE = 300, 5000, 100_000
# What Python keeps of what it once needed is no growth: so much may come between the first fifth and the end.
FLAT = 64.0


class Memory(threading.Thread):
    """The largest resident set of the workers' processes, in MB, as time goes by."""

    def __init__(self, members: list[Member]) -> None:
        super().__init__(daemon=True)
        self.members, self.over = members, threading.Event()
        self.seen: list[float] = []

    def run(self) -> None:
        while not self.over.wait(0.2):
            self.seen.append(max(map(_resident, [pid for member in self.members for pid in member.pids()])))

    def growth(self) -> float:
        """From the highest of the first fifth to the highest of all."""
        early = self.seen[: max(1, len(self.seen) // 5)]
        return max(self.seen) - max(early)


def _resident(pid: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


@pytest.mark.parametrize(
    "rows", [PR, pytest.param(NIGHTLY, marks=pytest.mark.nightly), pytest.param(RELEASE, marks=pytest.mark.release)]
)
@pytest.mark.parametrize("store", STORES)
def test_an_import_runs_its_rules_or_none_and_holds_nobody_up(fleet: MakeFleet, store: str, rows: int) -> None:
    crew = fleet(store, lease=60)
    console = crew.console()
    console.ask(f"{MODULE}:prepare")
    members = crew.start_engine()
    crew.wait_ready()

    quiet = imported(crew, members, rows, loud=False)
    assert console.ask(f"{MODULE}:rule_runs") == {"all": 0, "done": 0}
    loud = imported(crew, members, rows, loud=True)
    wait_until(lambda: console.ask(f"{MODULE}:open_work") == 0, 120 + rows / 20, "an empty queue")

    assert console.ask(f"{MODULE}:rule_runs") == {"all": RULES * rows, "done": RULES * rows}
    waited = console.ask(f"{MODULE}:latencies")
    p95 = percentile(waited, 0.95)
    print(
        f"{store}, {rows} rows: {quiet}; {loud}; {len(waited)} acts by hand, p95 {p95:.2f} s, most {max(waited):.2f} s"
    )
    assert p95 <= 5


def imported(crew: Fleet, members: list[Member], rows: int, *, loud: bool) -> str:
    console, memory = crew.consoles[0], Memory(members)
    memory.start()
    began = time.monotonic()
    job = console.ask(f"{MODULE}:begin", folder=str(crew.store.folder), rows=rows, loud=loud)
    found = console.ask(f"{MODULE}:act_until_done", job=job, pause=0.5, most=120 + rows / 20)
    took = time.monotonic() - began
    if loud:
        wait_until(lambda: console.ask(f"{MODULE}:open_work") == 0, 120 + rows / 20, "its rules done")
    memory.over.set()
    memory.join()
    assert found == {"status": "done", "created": rows, "refused": 0, "failure": ""}
    assert memory.growth() <= FLAT
    return f"{'loud' if loud else 'quiet'} {rows / took:.0f} rows/s, memory +{memory.growth():.0f} MB"
