"""Actions for the engine's own tests: one outside, one in the database, that end as a test says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from triggers import registry
from triggers.action_types import Action, Done, Outcome
from triggers.run_context import RunContext
from triggers.running import acting


class Calls:
    """What a probe was called with, and how it is to end: a list of outcomes, or functions of the context."""

    def __init__(self, *outcomes: Outcome | Callable[[RunContext], Outcome]) -> None:
        self.outcomes = list(outcomes)
        self.keys: list[str] = []

    def __call__(self, ctx: RunContext) -> Outcome:
        self.keys.append(str(ctx.key))
        outcome = self.outcomes.pop(0) if self.outcomes else Done("done")
        return outcome(ctx) if callable(outcome) else outcome


@contextmanager
def probe(
    *outcomes: Any, touches: str = "outside", repeatable: bool = True, target: str = "https://sink.example", **kind: Any
) -> Iterator[Calls]:
    """Registers the action type "probe" for the block."""
    calls = Calls(*outcomes)

    class Probe(Action):
        """Ends as the test says."""

        tag: str = ""

        def destination(self) -> str:
            return target

        def run(self, ctx: RunContext) -> Outcome:
            return calls(ctx)

        def preview(self, ctx: RunContext) -> str:
            return "Probes."

    Probe.key, Probe.label, Probe.section = "probe", "Probe", "Test"
    Probe.touches, Probe.repeatable = touches, repeatable  # type: ignore[assignment]
    for name, value in kind.items():
        setattr(Probe, name, value)
    registry.actions["probe"] = Probe
    try:
        yield calls
    finally:
        del registry.actions["probe"]
        acting.configured.cache_clear()
