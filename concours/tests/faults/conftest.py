"""A store, a receiver and a fleet for each fault test, and the seed it runs by."""

import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from concours.tests.faults import stores
from concours.tests.faults.fleet import Fleet
from concours.tests.faults.sink import Sink

MakeFleet = Callable[..., Fleet]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database to copy, made once."""
    with stores.template(tmp_path_factory.mktemp("template")) as name:
        yield name


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Where the test's chances come from. FAULTS_SEED repeats a run; the seed is printed with a failure."""
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6))
    print(f"{request.node.name}: FAULTS_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def fleet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeFleet]:
    """Makes the fleet of a test: `fleet("postgres", lease=1)`. Skips where this suite has no such store."""
    if not sys.platform.startswith("linux"):
        pytest.skip("needs Linux: the processes are found in /proc, and receivers live all over 127.0.0.0/8")
    with ExitStack() as stack:

        def make(kind: str, **given: Any) -> Fleet:
            stores.require(stores.KINDS[kind])
            template: str = request.getfixturevalue("template")
            store = stack.enter_context(stores.store(stores.KINDS[kind], tmp_path, template))
            sink = stack.enter_context(Sink(tmp_path))
            return stack.enter_context(Fleet(store, sink, **given))

        yield make
