"""The one judge: whether facts satisfy a condition, and why.

`passes` answers and stops at the first thing that decides; `judge` looks at everything and returns what
the dry run, the run page, the Miss and the API show. Both rest on `Leaf.holds`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from triggers.conditions.fields import Change, Field
from triggers.conditions.moments import Clock
from triggers.conditions.nodes import Group, Leaf, Node
from triggers.conditions.values import is_present

HIDDEN = "•••"
MAX_SHOWN_TEXT = 500
MAX_SHOWN_ITEMS = 100
MAX_SHOWN_BITS = 512


@dataclass(frozen=True)
class Verdict:
    """What became of one node. A leaf names its field and operator, `expected` (the value in the tree) and
    `actual` (the fact, ready for JSON; hidden where the field is sensitive). A group has children.
    """

    passed: bool
    kind: Literal["all", "any", "not", "leaf"]
    field: str | None = None
    op: str | None = None
    expected: Any = None
    actual: Any = None
    children: tuple[Verdict, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As stored with a run or a Miss and served by the API."""
        if self.kind == "leaf":
            leaf = {"field": self.field, "op": self.op, "expected": self.expected, "actual": self.actual}
            return {"passed": self.passed, "kind": self.kind, **leaf}
        children = [child.as_json() for child in self.children]
        return {"passed": self.passed, "kind": self.kind, "children": children}

    def first_failure(self) -> Verdict | None:
        """The leaf a person needs to hear about; None when the condition passed.

        Under a "not" that is the leaf which held though it should not have, so its `passed` may be true.
        """
        return None if self.passed else self._deciding()

    def _deciding(self) -> Verdict:
        if self.kind == "leaf":
            return self
        # "not" has one child; the others are decided by the first child that came out as they did.
        agreeing = (child for child in self.children if self.kind == "not" or child.passed == self.passed)
        return next(agreeing)._deciding()


def passes(node: Node, facts: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> bool:
    """Whether the facts satisfy the condition at this moment; days are those of `zone`."""
    return _passes(node, facts, Clock.at(now, zone))


def _passes(node: Node, facts: Mapping[str, Any], clock: Clock) -> bool:
    if isinstance(node, Leaf):
        return node.holds(facts, clock)
    if isinstance(node, Group):
        outcomes = (_passes(child, facts, clock) for child in node.children)
        return all(outcomes) if node.kind == "all" else any(outcomes)
    return not _passes(node.child, facts, clock)


def judge(node: Node, facts: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> Verdict:
    """The same answer as `passes`, with the verdict on every node of the tree."""
    return _judge(node, facts, Clock.at(now, zone))


def _judge(node: Node, facts: Mapping[str, Any], clock: Clock) -> Verdict:
    if isinstance(node, Leaf):
        actual = _shown(facts.get(node.name), node.field)
        return Verdict(node.holds(facts, clock), "leaf", node.name, node.op, node.value, actual)
    if isinstance(node, Group):
        children = tuple(_judge(child, facts, clock) for child in node.children)
        outcomes = [child.passed for child in children]
        passed = all(outcomes) if node.kind == "all" else any(outcomes)
        return Verdict(passed, node.kind, children=children)
    child = _judge(node.child, facts, clock)
    return Verdict(not child.passed, "not", children=(child,))


def _shown(value: Any, field: Field) -> Any:
    if isinstance(value, Change):
        return {"old": _shown(value.old, field), "new": _shown(value.new, field)}
    if field.sensitive and is_present(value):
        return HIDDEN
    return _jsonable(value)


def _jsonable(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MAX_SHOWN_BITS:
        return f"{Decimal(value):.6e}"  # Python refuses to write out an int of thousands of digits
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        items = value if isinstance(value, list | tuple) else sorted(value, key=str)
        return [_jsonable(item) for item in items[:MAX_SHOWN_ITEMS]]
    if isinstance(value, date):
        return value.isoformat()
    # JSON knows neither NaN nor infinity, and a Decimal must not lose digits: both go as text.
    if isinstance(value, float) and math.isfinite(value):
        return value
    text = str(value)
    return text if len(text) <= MAX_SHOWN_TEXT else text[: MAX_SHOWN_TEXT - 1] + "…"
