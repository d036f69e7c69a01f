"""Every benchmark runs, and says what it found in the agreed shape; what the figures are is judged by nobody here."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from concours.management.commands import bench as command

pytestmark = pytest.mark.skipif(
    not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
    reason="each case runs in a process with a SQLite database of its own: once is enough",
)

SHAPE = ["case", "ratio", "min", "max", "rounds", "goal", "detail"]
# Cases that need no process of their own, and the quickest of those that do.
SOON = (
    "save_k",
    "capture",
    "bulk",
    "import",
    "match_k",
    "drain",
    "fairness",
    "memory",
    "hooks",
    "scan",
    "stale",
    "journeys",
    "form",
    "flood",
)
NIGHTLY = ("ingest", "latency", "growth")
POSTGRES_ONLY = ("durability", "sessions")
# How results begin that are not called as their case.
SAID = {"memory": "sessions (MB", "sessions": "sessions (per"}


def run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`manage.py bench` in a process, a folder and a SQLite database of its own."""
    environ = {
        **os.environ,
        "CONCOURS_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}",
        "CELERY_BROKER_URL": "filesystem://",
        "SECRET_KEY": "for-tests-only",
    }
    command = [sys.executable, "manage.py", "bench", *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True, timeout=600)


def lines(finished: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert finished.returncode == 0, finished.stderr[-3000:]
    return [json.loads(line) for line in finished.stdout.splitlines()]


def test_each_case_is_run_by_one_of_the_tests_here() -> None:
    known = {*SOON, *NIGHTLY, *POSTGRES_ONLY}

    assert known == command.bench.cases.keys()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def quick(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """What each case found when it ran small, all in one process: a new database costs more than most of them."""
    cases = (*SOON, *POSTGRES_ONLY)
    found = lines(run(folder, *cases, "--quick", "--json"))
    return {name: [line for line in found if line["case"].startswith(SAID.get(name, name))] for name in cases}


@pytest.mark.parametrize("case", SOON)
def test_case_runs_small_and_says_what_it_found(quick: Any, case: str) -> None:
    found = quick[case]

    assert found
    assert all(list(line) == SHAPE for line in found)
    assert all(0 < line["min"] <= line["ratio"] <= line["max"] for line in found)
    assert all(line["rounds"] == 1 for line in found)


def test_what_a_flood_brought_is_there_once(quick: Any) -> None:
    told = quick["flood"][0]["detail"]

    assert (told["lost"], told["doubled"]) == (0, 0)


@pytest.mark.nightly
@pytest.mark.parametrize("case", NIGHTLY)
def test_case_with_processes_runs_small(tmp_path: Path, case: str) -> None:
    finished = run(tmp_path, case, "--quick", "--json")

    found = lines(finished)
    assert found
    assert all(list(line) == SHAPE for line in found)


@pytest.mark.parametrize("case", POSTGRES_ONLY)
def test_case_about_postgresql_finds_nothing_elsewhere(quick: Any, case: str) -> None:
    assert quick[case] == []


@pytest.mark.usefixtures("quick")
def test_nothing_is_left_behind(folder: Path) -> None:
    assert [path.name for path in folder.iterdir() if "sqlite3" in path.name] == []
