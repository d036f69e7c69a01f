"""Benchmarks: each case compares two things measured in turn, and its figure is a ratio.

Machines differ and are noisy, so nothing here is judged in a test; `manage.py bench` prints the ratios
beside their goals (docs/performance.md). A case is one function in `cases`.
"""

import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import Any, Final

ROUNDS: Final = 5


@dataclass(frozen=True)
class Size:
    """How large a case runs: `quick` shows within seconds that it works."""

    quick: bool
    rounds: int = ROUNDS

    def of(self, full: int, quick: int) -> int:
        return quick if self.quick else full


@dataclass(frozen=True)
class Result:
    """The median ratio of a case with its spread; `detail` holds the absolute figures of one round."""

    case: str
    ratio: float
    min: float
    max: float
    rounds: int
    goal: str
    detail: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Measure = Callable[[Size], "list[Result]"]
cases: dict[str, Measure] = {}


def case(name: str) -> Callable[[Measure], Measure]:
    """Registers a case under its name."""

    def add(measure: Measure) -> Measure:
        cases[name] = measure
        return measure

    return add


def result(name: str, ratios: list[float], goal: str, **detail: Any) -> Result:
    """The result of the rounds' ratios."""
    rounded = [round(ratio, 3) for ratio in ratios]
    return Result(name, statistics.median(rounded), min(rounded), max(rounded), len(rounded), goal, detail)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
