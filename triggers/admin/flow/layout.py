"""Where the points of a workflow stand: boxes, the paths of the arrows between them, and the names of the ways.

One lane is `lane` wide; ways stand side by side, each as many lanes wide as its widest row, and come together
again before what follows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from django.utils.text import Truncator

from triggers.admin.flow.points import Point, Way
from triggers.wording.numbers import grouped

GAP: Final = 10
# A box: above its first line, between two lines, and what a letter of its title takes at most on average.
PAD: Final = 14
LINE: Final = 17
LETTER: Final = 7.2
TITLE_LINES: Final = 2
ARROW: Final = 24
FORK: Final = 50
HEAD: Final = "m-4 -5l4 5 4-5"
# A letter of a note or a way's name.
SMALL: Final = 6.6


@dataclass(frozen=True)
class Box:
    """One point in its place; `lines` are its title, cut to what fits."""

    point: Point
    x: int
    y: int
    width: int
    lines: list[str]
    note: str
    number: str

    @property
    def height(self) -> int:
        return max(PAD * 2 + LINE * (len(self.lines) + bool(self.note)) - 8, 36)

    @property
    def right(self) -> int:
        return self.x + self.width - PAD

    @property
    def first(self) -> int:
        """Where its first line stands; one line alone stands in the middle."""
        return self.y + (self.height - LINE * (len(self.lines) + bool(self.note))) // 2 + 13

    @property
    def rows(self) -> list[tuple[int, str]]:
        return [(self.first + n * LINE, line) for n, line in enumerate(self.lines)]

    @property
    def note_at(self) -> int:
        return self.first + len(self.lines) * LINE

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass
class Plan:
    """Everything to draw. `names` are the ways: x, y, and what each is called."""

    width: int
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    arrows: list[str] = field(default_factory=list)
    names: list[tuple[int, int, str]] = field(default_factory=list)


def lay_out(starts: Sequence[Point], line: Sequence[Point], lane: int) -> Plan:
    """The starts one under the other, any one of which begins the line; then the line."""
    lanes = max(_lanes(line), 2)
    plan = Plan(_span(lanes, lane))
    y, last = 1, None
    for point in starts:
        box = _place(plan, point, 0, plan.width, y, lane)
        if last is not None and point.kind == "condition":
            plan.arrows.append(_arrow((last.middle, last.bottom), box))
        last, y = box, box.bottom + (ARROW if point.kind == "condition" or _asks(starts, point) else GAP)
    ends = [(last.middle, last.bottom)] if last else []
    y = last.bottom + ARROW if last else 1
    plan.height = _draw(plan, line, 0, plan.width, y, ends, lane)[0] + 2
    return plan


def _asks(starts: Sequence[Point], point: Point) -> bool:
    return any(before is point and after.kind == "condition" for before, after in pairwise(starts))


def _lanes(line: Sequence[Point]) -> int:
    """How many lanes the widest row of a line takes."""
    return max((sum(_lanes(way.points) for way in point.ways) for point in line if point.ways), default=1)


def _span(lanes: int, lane: int) -> int:
    return lanes * lane + (lanes - 1) * GAP


def _draw(
    plan: Plan, line: Sequence[Point], x: int, width: int, y: int, ends: list[tuple[int, int]], lane: int
) -> tuple[int, list[tuple[int, int]]]:  # fmt: skip
    """Draws a line of points from `y` on, coming from `ends`; how far down it got, and where it can be left."""
    bottom = max((end for _x, end in ends), default=y)
    for point in line:
        box = _place(plan, point, x, width, y, lane)
        plan.arrows += [_arrow(end, box) for end in ends]
        ends, bottom = [(box.middle, box.bottom)], box.bottom
        if point.ways:
            bottom, ends = _fork(plan, point.ways, box, x, width, lane)
        y = bottom + ARROW
    return bottom, ends


def _fork(
    plan: Plan, ways: Sequence[Way], box: Box, x: int, width: int, lane: int
) -> tuple[int, list[tuple[int, int]]]:  # fmt: skip
    """The ways out of a box side by side; how far down the longest got, and where all can be left."""
    needed = [_lanes(way.points) for way in ways]
    at = x + max((width - _span(sum(needed), lane)) // 2, 0)
    rail, top = box.bottom + ARROW // 3, box.bottom + FORK
    bottoms, ends = [], []
    for way, lanes in zip(ways, needed, strict=True):
        wide = _span(lanes, lane)
        middle = at + wide // 2
        plan.names.append((middle, rail + 20, _fit(_told(way), wide, SMALL)))
        plan.arrows.append(f"M{box.middle} {box.bottom}V{rail}H{middle}V{top - 2}{HEAD if way.points else ''}")
        if way.points:
            down, left = _draw(plan, way.points, at, wide, top, [], lane)
        else:
            down, left = top, [(middle, top)]
        bottoms.append(down)
        ends += left
        at += wide + GAP
    return max(bottoms), ends


def _told(way: Way) -> str:
    return f"{way.label} · {grouped(way.count)}" if way.count else way.label


def _arrow(end: tuple[int, int], box: Box) -> str:
    x, y = end
    aside = "" if x == box.middle else f"V{box.y - ARROW // 2}H{box.middle}"
    return f"M{x} {y}{aside}V{box.y - 2}{HEAD}"


def _place(plan: Plan, point: Point, x: int, width: int, y: int, lane: int) -> Box:
    """A box of the room it has, at most two lanes wide, in the middle of it."""
    wide = min(width, _span(2, lane))
    number = grouped(point.count) if point.count is not None else ""
    room = wide - 2 * PAD
    first = room - (len(number) * LETTER + 10 if number else 0)
    lines = list(_wrapped(point.title, first, room))
    box = Box(point, x + (width - wide) // 2, y, wide, lines, _fit(point.note, room, SMALL), number)
    plan.boxes.append(box)
    return box


def _wrapped(text: str, first: float, room: float) -> Iterator[str]:
    """At most two lines, the first shorter for the number beside it; what does not fit ends in “…”."""
    words, line, width = text.split(), "", first
    for place, word in enumerate(words):
        longer = f"{line} {word}".strip()
        if len(longer) * LETTER <= width or not line:
            line = longer
            continue
        yield _fit(line, width)
        yield _fit(" ".join(words[place:]), room)
        return
    yield _fit(line, width)


def _fit(text: str, room: float, letter: float = LETTER) -> str:
    return Truncator(text).chars(max(int(room / letter), 3))
