"""A compiled condition: leaves that know how to read and compare, under groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from triggers.conditions.comparisons import Test
from triggers.conditions.fields import Field
from triggers.conditions.moments import Clock
from triggers.conditions.values import Read


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison. `value` is what the tree says, `operand` what it was coerced to."""

    name: str
    field: Field
    op: str
    value: Any
    operand: Any
    read: Read
    test: Test

    def holds(self, facts: Mapping[str, Any], clock: Clock) -> bool:
        """False for a fact that is missing, except to the operator that asks for just that."""
        actual = self.read(facts.get(self.name))
        return actual is not None and self.test(actual, self.operand, clock)


@dataclass(frozen=True, slots=True)
class Group:
    """Holds when all, or any, of its children do. An empty "all" always holds: it is the absent tree."""

    kind: Literal["all", "any"]
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its child does not."""

    child: Node


Node = Leaf | Group | Not
