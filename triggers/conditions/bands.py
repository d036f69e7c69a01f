"""Ranges a number must lie in, arranged so that one number finds the ranges around it.

The end of a range is a pair `(number, nudge)`: `> 5` begins at (5, 1), `≥ 5` at (5, 0), `< 5` ends at
(5, -1). What is bisected are plain numbers: comparing pairs makes a look-up in 100,000 four times slower.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")
End = tuple[Any, int]


class Band(NamedTuple):
    """A range; an end that is None is open for ever."""

    low: End | None
    high: End | None

    def narrowed(self, other: Band) -> Band:
        """What both ranges have in common, possibly nothing: then low lies above high."""
        lows = [end for end in (self.low, other.low) if end is not None]
        highs = [end for end in (self.high, other.high) if end is not None]
        return Band(max(lows, default=None), min(highs, default=None))

    @property
    def is_empty(self) -> bool:
        return self.low is not None and self.high is not None and self.low > self.high


Bisect = Callable[[list[Any], Any], int]
# How a number finds the half-open ranges around it, by their side and nudge: the bisection that keeps an
# end equal to the number in or out, and whether the ranges found come before that place or after it.
_SIDES: dict[tuple[str, int], tuple[Bisect, bool]] = {
    ("low", 1): (bisect_left, True),
    ("low", 0): (bisect_right, True),
    ("high", -1): (bisect_right, False),
    ("high", 0): (bisect_left, False),
}


class Bands(Generic[T]):
    """Looks up by bisection: costs the logarithm of what it holds, plus what it finds."""

    def __init__(self, entries: list[tuple[Band, T]]) -> None:
        """`entries` have at least one end each, and none is empty."""
        sides: dict[tuple[str, int], list[tuple[Any, T]]] = defaultdict(list)
        closed: dict[tuple[Any, Any], list[T]] = defaultdict(list)
        for (low, high), item in entries:
            if low is not None and high is not None:
                closed[low[0], high[0]].append(item)
            elif low is not None:
                sides["low", low[1]].append((low[0], item))
            elif high is not None:
                sides["high", high[1]].append((high[0], item))
        self._sides = [(*_SIDES[side], *_columns(filed)) for side, filed in sides.items()]
        self._closed = _nested(closed) if closed else None

    def around(self, number: Any) -> Iterator[T]:
        """Everything filed under a range that contains the number, each once.

        A range closed on both sides is also found by its very ends, whether or not they belong to it.
        """
        for bisect, before, numbers, items in self._sides:
            place = bisect(numbers, number)
            yield from items[:place] if before else items[place:]
        levels = [self._closed] if self._closed else []
        while levels:
            level = levels.pop()
            for place in range(bisect_left(level.highs, number), bisect_right(level.lows, number)):
                yield from level.items[place]
                inside = level.inside[place]
                if inside is not None:
                    levels.append(inside)


class _Level(Generic[T]):
    """Ranges of which none contains another, so that both their ends rise; each knows those inside it."""

    __slots__ = ("highs", "inside", "items", "lows")

    def __init__(self) -> None:
        self.lows: list[Any] = []
        self.highs: list[Any] = []
        self.items: list[list[T]] = []
        self.inside: list[_Level[T] | None] = []


def _nested(closed: dict[tuple[Any, Any], list[T]]) -> _Level[T]:
    """The outermost level. Widest first among equal lows: what contains a range comes before it."""
    outermost: _Level[T] = _Level()
    path = [outermost]
    widest_first = sorted(sorted(closed, key=lambda ends: ends[1], reverse=True), key=lambda ends: ends[0])
    for low, high in widest_first:
        while len(path) > 1 and high > path[-2].highs[-1]:
            path.pop()
        level = path[-1]
        if level.highs and high <= level.highs[-1]:
            level.inside[-1] = level = _Level()
            path.append(level)
        level.lows.append(low)
        level.highs.append(high)
        level.items.append(closed[low, high])
        level.inside.append(None)
    return outermost


class Thresholds(Generic[T]):
    """Thresholds a number may rise to or fall to; a move finds those it crossed."""

    def __init__(self, entries: list[tuple[Any, str, T]]) -> None:
        """`entries` are thresholds, "crossed_up" or "crossed_down", and what is filed under them."""
        ways: dict[str, list[tuple[Any, T]]] = {"crossed_up": [], "crossed_down": []}
        for at, way, item in entries:
            ways[way].append((at, item))
        self._ups, self._rising = _columns(ways["crossed_up"])
        self._downs, self._falling = _columns(ways["crossed_down"])

    def crossed(self, old: Any, new: Any) -> list[T]:
        """Everything above the old number up to the new one, or below the old one down to the new one."""
        if new > old:
            return self._rising[bisect_right(self._ups, old) : bisect_right(self._ups, new)]
        return self._falling[bisect_left(self._downs, new) : bisect_left(self._downs, old)]


def _columns(entries: list[tuple[Any, T]]) -> tuple[list[Any], list[T]]:
    """Sorted numbers, and beside them what is filed there; items themselves need no order."""
    entries = sorted(entries, key=lambda entry: entry[0])
    return [number for number, _ in entries], [item for _, item in entries]
