"""T9: one SQLite file under four web and two engine processes, while engines are killed."""

import random
import time
from dataclasses import dataclass

import pytest

from concours.tests.faults.conftest import MakeFleet


@dataclass(frozen=True)
class Size:
    seconds: float
    kills: int


PR, NIGHTLY = Size(6, 4), Size(600, 50)


@pytest.mark.parametrize("size", [PR, pytest.param(NIGHTLY, marks=pytest.mark.nightly)], ids=["pr", "nightly"])
def test_users_never_hear_of_a_lock(fleet: MakeFleet, size: Size, chance: random.Random) -> None:
    # The lease outlasts a queue of writers: nothing here is to be done twice but for the kills.
    crew = fleet("sqlite", lease=10)
    crew.web(workers=4)
    engine = crew.engine(2)
    door = crew.door()
    crew.wait_ready()

    answers: list[float] = []
    began, kills = time.monotonic(), 0
    while kills < size.kills:
        # Raises for any answer but 202.
        answers += door.send(f"batch{len(answers)}", 20)
        if time.monotonic() - began > size.seconds * kills / size.kills:
            kills += engine.kill_child(chance)

    account = crew.settle(120)
    logs = "".join(member.text() for member in crew.members)
    print(f"{account}; {kills} kills, slowest answer {max(answers):.1f} s")
    assert account.broken == {}
    assert account.committed == len(answers)
    assert "database is locked" not in logs
    assert crew.consoles[0].ask("integrity") == "ok"
