"""A condition as a database prefilter, for scans and counts. It may let too much through, never too little.

Python judges what comes out, unless the sieve says that it is exact. Where the database cannot be trusted
to agree with the judge (text beyond ASCII, which folds differently in every database; facts of another
namespace) a leaf widens.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import DecimalField, F, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import Contains, EndsWith, GreaterThan, In, StartsWith

from triggers.conditions.ascii import AsciiLower, Octets
from triggers.conditions.fields import Kind, Lookup
from triggers.conditions.moments import Clock
from triggers.conditions.nodes import Leaf, Node, Not
from triggers.conditions.tree import compile_tree

Sieved = tuple[Q, bool]

# Never an empty Q: inside ~ and | Django drops it, which turns "every row" into "whatever the rest says".
EVERYTHING = Q(pk__isnull=False)


def sieve(tree: object, lookup: Lookup, now: datetime, zone: ZoneInfo, namespace: str) -> Sieved:
    """A filter for rows of the model behind `namespace`, and whether it is exact.

    Every row the judge accepts passes the filter; where it is exact, no other row does. Column paths come
    from `Field.column`, never from the tree. Raises InvalidTree.
    """
    return _sieve(compile_tree(tree, lookup), False, Clock.at(now, zone), f"{namespace}.")


def _sieve(node: Node, negated: bool, clock: Clock, prefix: str) -> Sieved:
    """Negation moves down to the leaves, so that an inexact leaf widens itself and not its whole group."""
    if isinstance(node, Not):
        return _sieve(node.child, not negated, clock, prefix)
    if isinstance(node, Leaf):
        found, exact = _leaf(node, clock) if node.name.startswith(prefix) else (EVERYTHING, False)
        if not negated:
            return found, exact
        return (~found, True) if exact else (EVERYTHING, False)
    if not node.children:
        return EVERYTHING, True
    sieved = [_sieve(child, negated, clock, prefix) for child in node.children]
    every = (node.kind == "all") != negated
    return reduce(and_ if every else or_, (q for q, _ in sieved)), all(exact for _, exact in sieved)


def _leaf(leaf: Leaf, clock: Clock) -> Sieved:
    """Rows with a value are asked for by name: a NULL must make the leaf false, not unknown, under NOT."""
    column, kind = leaf.field.column, leaf.field.kind
    if column is None or leaf.field.changes or kind in (Kind.SET, Kind.ANY):
        return EVERYTHING, False
    present = Q((f"{column}__isnull", False))
    if kind in (Kind.TEXT, Kind.CHOICE):
        present &= ~Q((column, ""))
    if leaf.op == "is_set":
        return present, True
    if leaf.op == "is_not_set":
        return ~present, True
    found, exact = _BY_KIND[kind](leaf, column, clock)
    return present & found, exact


_PATTERNS = {
    "contains": Contains,
    "not_contains": Contains,
    "starts_with": StartsWith,
    "ends_with": EndsWith,
}
_NEGATIVE = ("is_not", "is_none_of", "not_contains", "ne")
# Characters beyond ASCII that fold to ASCII alone ("ß" to "ss", "ﬁ" to "fi", the Kelvin sign to "k") all
# bring one of these along: a text without them can only be matched by ASCII.
_FOLDED_INTO = frozenset("fks")


def _text(leaf: Leaf, column: str, clock: Clock) -> Sieved:
    """ASCII text is compared here; a row with any other letter passes unless it cannot possibly match."""
    asked = leaf.operand if isinstance(leaf.operand, frozenset) else {leaf.operand}
    plain = sorted(text for text in asked if text.isascii())
    lowered = AsciiLower(F(column))
    hit = None
    if plain:
        pattern = _PATTERNS.get(leaf.op)
        hit = Q(pattern(lowered, plain[0]) if pattern else In(lowered, plain))
    negative = leaf.op in _NEGATIVE
    beyond_ascii = Q(GreaterThan(Octets(F(column)), Length(F(column))))
    whole = leaf.op not in _PATTERNS and len(plain) == len(asked)
    if hit is not None and whole and _FOLDED_INTO.isdisjoint("".join(plain)):
        return (~hit if negative else hit), True
    if hit is None:
        return (EVERYTHING if negative else beyond_ascii), False
    return (~hit if negative else hit) | beyond_ascii, False


_COMPARE = {"eq": "exact", "ne": "exact", "gt": "gt", "gte": "gte", "lt": "lt", "lte": "lte"}


def _is_tame(number: int | Decimal) -> bool:
    """Whether doubles and SQLite's decimals, which hold 15 digits, compare with it without rounding."""
    exact = Decimal(number)
    return abs(exact) < 10**9 and exact == round(exact, 6)


def _number(leaf: Leaf, column: str, clock: Clock) -> Sieved:
    numbers = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
    if not all(map(_is_tame, numbers)):
        return EVERYTHING, False
    # A bare parameter would be rounded to the places, or cut to the integers, of the column.
    values = [Value(Decimal(number), output_field=DecimalField()) for number in numbers]
    if leaf.op == "between":
        return Q((f"{column}__gte", values[0]), (f"{column}__lte", values[1])), True
    found = Q((f"{column}__{_COMPARE[leaf.op]}", values[0]))
    return (~found if leaf.op == "ne" else found), True


def _span(leaf: Leaf, now: Any) -> tuple[Any, Any]:
    return (now - leaf.operand, now) if leaf.op == "within_last" else (now, now + leaf.operand)


_DAY = {"on": "exact", "before": "lt", "after": "gt"}
_PART = {"day_is": "day", "month_is": "month", "weekday_is": "iso_week_day"}


def _date(leaf: Leaf, column: str, clock: Clock) -> Sieved:
    if leaf.op.startswith("within"):
        return Q((f"{column}__range", _span(leaf, clock.day(clock.now)))), True
    return Q((f"{column}__{(_DAY | _PART)[leaf.op]}", leaf.operand)), True


def _datetime(leaf: Leaf, column: str, clock: Clock) -> Sieved:
    if leaf.op.startswith("within"):
        return Q((f"{column}__range", _span(leaf, clock.now))), True
    if leaf.op in _PART:
        # The database may know other rules for the zone than Python does.
        return EVERYTHING, False
    if isinstance(leaf.operand, datetime):
        return Q((f"{column}__{_DAY[leaf.op]}", clock.instant(leaf.operand))), True
    return _local_day(leaf.op, leaf.operand, column, clock)


def _local_day(op: str, day: date, column: str, clock: Clock) -> Sieved:
    """Days as instants; exact but where a change of the clocks skips or repeats midnight."""
    starts, ends = clock.midnights(day), clock.midnights(day + timedelta(days=1))
    if op == "before":
        return Q((f"{column}__lt", starts[1])), starts[0] == starts[1]
    if op == "after":
        return Q((f"{column}__gte", ends[0])), ends[0] == ends[1]
    exact = starts[0] == starts[1] and ends[0] == ends[1]
    return Q((f"{column}__gte", starts[0]), (f"{column}__lt", ends[1])), exact


def _yesno(leaf: Leaf, column: str, clock: Clock) -> Sieved:
    return Q((column, leaf.operand)), True


def _ref(leaf: Leaf, column: str, clock: Clock) -> Sieved:
    many = isinstance(leaf.operand, frozenset)
    found = Q((f"{column}__in", sorted(leaf.operand))) if many else Q((column, leaf.operand))
    return (~found if leaf.op in _NEGATIVE else found), True


_BY_KIND: dict[Kind, Callable[[Leaf, str, Clock], Sieved]] = {
    Kind.TEXT: _text,
    Kind.CHOICE: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.YESNO: _yesno,
    Kind.REF: _ref,
}
