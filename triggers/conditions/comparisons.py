"""What each operator means: one small function of the fact, the operand and the clock.

They see facts as `values.reader` reads them, never None, and operands as `operands.coerce` made them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from triggers.conditions.fields import Change
from triggers.conditions.moments import Clock

Test = Callable[[Any, Any, Clock], bool]


def _timeless(compare: Callable[[Any, Any], Any]) -> Test:
    def test(actual: Any, operand: Any, clock: Clock) -> bool:
        return bool(compare(actual, operand))

    return test


def _day(actual: date, clock: Clock) -> date:
    return clock.day(actual) if isinstance(actual, datetime) else actual


def _dated(compare: Callable[[Any, Any], Any]) -> Test:
    """Compares days when the operand names a day, else instants."""

    def test(actual: Any, operand: Any, clock: Clock) -> bool:
        if isinstance(operand, datetime):
            return bool(compare(actual, clock.instant(operand)))
        return bool(compare(_day(actual, clock), operand))

    return test


def _of_day(part: Callable[[date], int]) -> Test:
    def test(actual: date, operand: int, clock: Clock) -> bool:
        return part(_day(actual, clock)) == operand

    return test


def _within_last(actual: Any, operand: Any, clock: Clock) -> bool:
    now = clock.now if isinstance(actual, datetime) else clock.day(clock.now)
    return bool(now - operand <= actual <= now)


def _within_next(actual: Any, operand: Any, clock: Clock) -> bool:
    now = clock.now if isinstance(actual, datetime) else clock.day(clock.now)
    return bool(now <= actual <= now + operand)


# A side of a change may be None, which equals no operand and is on no side of a threshold.
def _same(value: Any, operand: Any, clock: Clock) -> bool:
    if value is None:
        return False
    if isinstance(value, date):
        return _dated(operator.eq)(value, operand, clock)
    return bool(value == operand)


def _changed_from(change: Change, operand: Any, clock: Clock) -> bool:
    return _same(change.old, operand, clock) and not _same(change.new, operand, clock)


def _changed_to(change: Change, operand: Any, clock: Clock) -> bool:
    return _same(change.new, operand, clock) and not _same(change.old, operand, clock)


def _changed_from_to(change: Change, operand: Any, clock: Clock) -> bool:
    return _same(change.old, operand[0], clock) and _same(change.new, operand[1], clock)


def _moved(compare: Callable[[Any, Any], Any]) -> Test:
    def test(change: Change, operand: None, clock: Clock) -> bool:
        return None not in change and bool(compare(change.new, change.old))

    return test


def _crossed(left: Callable[[Any, Any], Any], reached: Callable[[Any, Any], Any]) -> Test:
    """True when the old value lies strictly on one side and the new one on the operand or beyond it."""

    def test(change: Change, operand: Any, clock: Clock) -> bool:
        if None in change:
            return False
        dated = isinstance(change.new, date)
        before, after = (_dated(left), _dated(reached)) if dated else (_timeless(left), _timeless(reached))
        return before(change.old, operand, clock) and after(change.new, operand, clock)

    return test


TESTS: dict[str, Test] = {
    "is": _timeless(operator.eq),
    "is_not": _timeless(operator.ne),
    "contains": _timeless(operator.contains),
    "not_contains": _timeless(lambda actual, operand: operand not in actual),
    "starts_with": _timeless(str.startswith),
    "ends_with": _timeless(str.endswith),
    "is_any_of": _timeless(lambda actual, operand: actual in operand),
    "is_none_of": _timeless(lambda actual, operand: actual not in operand),
    "is_set": _timeless(lambda present, operand: present),
    "is_not_set": _timeless(lambda present, operand: not present),
    "eq": _timeless(operator.eq),
    "ne": _timeless(operator.ne),
    "gt": _timeless(operator.gt),
    "gte": _timeless(operator.ge),
    "lt": _timeless(operator.lt),
    "lte": _timeless(operator.le),
    "between": _timeless(lambda actual, operand: operand[0] <= actual <= operand[1]),
    "on": _dated(operator.eq),
    "before": _dated(operator.lt),
    "after": _dated(operator.gt),
    "within_last": _within_last,
    "within_next": _within_next,
    "day_is": _of_day(lambda day: day.day),
    "month_is": _of_day(lambda day: day.month),
    "weekday_is": _of_day(date.isoweekday),
    "has_any": _timeless(lambda actual, operand: not actual.isdisjoint(operand)),
    "has_all": _timeless(lambda actual, operand: actual >= operand),
    "has_none": _timeless(frozenset.isdisjoint),
    "changed": _timeless(lambda change, operand: change.old != change.new),
    "changed_from": _changed_from,
    "changed_to": _changed_to,
    "changed_from_to": _changed_from_to,
    "increased": _moved(operator.gt),
    "decreased": _moved(operator.lt),
    "crossed_up": _crossed(operator.lt, operator.ge),
    "crossed_down": _crossed(operator.gt, operator.le),
    "was_set": _timeless(lambda change, operand: change.new and not change.old),
    "was_cleared": _timeless(lambda change, operand: change.old and not change.new),
}
