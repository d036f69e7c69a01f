"""A provider of the tests' own, known for as long as a test takes."""

from collections.abc import Iterator

import pytest
import time_machine

from providers import frame
from providers.tests.make import Tryout
from providers.tests.signers import NOW


@pytest.fixture
def tryout(monkeypatch: pytest.MonkeyPatch) -> Tryout:
    made = Tryout()
    monkeypatch.setitem(frame.providers, "tryout", made)
    return made


@pytest.fixture
def _now() -> Iterator[None]:
    """The moment the signers sign at."""
    with time_machine.travel(NOW, tick=False):
        yield
