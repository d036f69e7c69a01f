"""Which of many conditions are worth judging: an index over what each of them demands.

Every condition is filed under one demand that must hold for it to pass: a value a field must have, a
range it must lie in, or a threshold it must cross. An event then costs a few look-ups per field that is
filed under, however many conditions there are. The candidates are a superset; the judge decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from functools import reduce
from typing import Any, Generic, NamedTuple, TypeVar

from triggers.conditions.bands import Band, Bands, Thresholds
from triggers.conditions.fields import Change, Kind
from triggers.conditions.nodes import Group, Leaf, Node
from triggers.conditions.values import Read

K = TypeVar("K")

_NUMBERS = (Kind.NUMBER, Kind.MONEY)
_CROSSED = ("crossed_up", "crossed_down")
# How far beyond its number a range begins or ends (see bands).
_LOWS = {"gt": 1, "gte": 0}
_HIGHS = {"lt": -1, "lte": 0}


class Source(NamedTuple):
    """What demands are filed by: a field and how it is read, so that an event reads each once."""

    name: str
    read: Read


class Index(Generic[K]):
    """Keys by the conditions they stand for. Build it once, then ask it for every event."""

    def __init__(self, entries: Iterable[tuple[K, Node]]) -> None:
        demands = [(key, list(_demanded(node))) for key, node in entries]
        self._keys = [key for key, _ in demands]
        shared = Counter((leaf.name, value) for _, leaves in demands for leaf in leaves for value in _wanted(leaf))
        filed = _Filing(shared)
        for position, (_, leaves) in enumerate(demands):
            filed.add(position, leaves)
        self._always = [self._keys[position] for position in filed.always]
        self._values = dict(filed.values)
        self._bands = {source: Bands(bands) for source, bands in filed.bands.items()}
        self._crossings = {source: Thresholds(points) for source, points in filed.crossings.items()}

    def candidates(self, facts: Mapping[str, Any]) -> Iterator[K]:
        """Every key whose condition may pass on these facts, each once and in no particular order."""
        yield from self._always
        for position in self._positions(facts):
            yield self._keys[position]

    def _positions(self, facts: Mapping[str, Any]) -> Iterator[int]:
        for source, by_value in self._values.items():
            yield from _found(source.read(facts.get(source.name)), by_value)
        for source, bands in self._bands.items():
            number = source.read(facts.get(source.name))
            if number is not None:
                yield from bands.around(number)
        for source, thresholds in self._crossings.items():
            change = source.read(facts.get(source.name))
            if change is not None and None not in change:
                yield from thresholds.crossed(change.old, change.new)


def _found(read: Any, by_value: Mapping[Hashable, list[int]]) -> Iterable[int]:
    value = read.new if isinstance(read, Change) else read
    if isinstance(value, frozenset):
        # A condition on any of several values is filed under each of them.
        return {position for item in value for position in by_value.get(item, ())}
    return by_value.get(value, ())


class _Filing:
    """Chooses the demand each condition is filed under, while the index is built."""

    def __init__(self, shared: Counter[tuple[str, Hashable]]) -> None:
        self.shared = shared
        self.always: list[int] = []
        self.values: dict[Source, dict[Hashable, list[int]]] = {}
        self.bands: dict[Source, list[tuple[Band, int]]] = defaultdict(list)
        self.crossings: dict[Source, list[tuple[Any, str, int]]] = defaultdict(list)

    def add(self, position: int, leaves: list[Leaf]) -> None:
        equal = min((leaf for leaf in leaves if _wanted(leaf)), key=self.crowd, default=None)
        ranges = _ranges(leaves)
        crossing = next((leaf for leaf in leaves if _is_crossing(leaf)), None)
        # A yes or no rules out half of the events at best; any threshold does better.
        if equal and (equal.field.kind is not Kind.YESNO or not (ranges or crossing)):
            by_value = self.values.setdefault(Source(equal.name, equal.read), {})
            for value in self.rarest(equal):
                by_value.setdefault(value, []).append(position)
        elif ranges:
            source, band = max(ranges.items(), key=lambda item: None not in item[1])
            if not band.is_empty:  # nothing lies in an empty range: the condition never passes
                self.bands[source].append((band, position))
        elif crossing:
            entry = (crossing.operand, crossing.op, position)
            self.crossings[Source(crossing.name, crossing.read)].append(entry)
        else:
            self.always.append(position)

    def crowd(self, leaf: Leaf) -> int:
        """How many demands share the values of this one: the fewer, the better it tells conditions apart."""
        return sum(self.shared[leaf.name, value] for value in self.rarest(leaf))

    def rarest(self, leaf: Leaf) -> Collection[Hashable]:
        """The values to file under: of those a set must all have, the rarest suffices."""
        if leaf.op != "has_all":
            return _wanted(leaf)
        return [min(leaf.operand, key=lambda value: self.shared[leaf.name, value])]


def _demanded(node: Node) -> Iterator[Leaf]:
    """The leaves that must hold for the node to hold."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Group) and (node.kind == "all" or len(node.children) == 1):
        for child in node.children:
            yield from _demanded(child)


def _wanted(leaf: Leaf) -> Collection[Hashable]:
    """The values of which the fact must have one; empty where the leaf demands no particular value."""
    if leaf.field.kind in (Kind.DATE, Kind.DATETIME):
        return ()  # the same day begins at another moment in every zone
    if leaf.op in ("is", "eq", "changed_to"):
        return (leaf.operand,)
    if leaf.op == "changed_from_to":
        return (leaf.operand[1],)
    return leaf.operand if leaf.op in ("is_any_of", "has_any", "has_all") else ()


def _is_crossing(leaf: Leaf) -> bool:
    return leaf.op in _CROSSED and leaf.field.kind in _NUMBERS


def _ranges(leaves: list[Leaf]) -> dict[Source, Band]:
    """What the thresholds demand of each field, taken together."""
    ranges: dict[Source, list[Band]] = defaultdict(list)
    for leaf in leaves:
        band = _band(leaf)
        if band:
            ranges[Source(leaf.name, leaf.read)].append(band)
    return {source: reduce(Band.narrowed, bands) for source, bands in ranges.items()}


def _band(leaf: Leaf) -> Band | None:
    if leaf.op in _LOWS:
        return Band((leaf.operand, _LOWS[leaf.op]), None)
    if leaf.op in _HIGHS:
        return Band(None, (leaf.operand, _HIGHS[leaf.op]))
    return Band((leaf.operand[0], 0), (leaf.operand[1], 0)) if leaf.op == "between" else None
