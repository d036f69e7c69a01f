"""A map as a drawing: task tracks from top to bottom, the videos that open with each beside it, and what is attached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pipelines.maps import waves
from pipelines.maps.attached import Attached
from pipelines.models import Step, Track

# Sizes in the units of the drawing.
WIDTH: Final = 720
BOX: Final = 340
GAP: Final = 40
HEAD: Final = 48
LINE: Final = 22
FOOT: Final = 10
SPACE: Final = 28
LONGEST: Final = 38


@dataclass(frozen=True)
class Text:
    """One line within a box: a step, or a workflow that is attached to it."""

    y: int
    text: str
    tone: str
    href: str = ""


@dataclass
class Box:
    """One track."""

    x: int
    y: int
    height: int
    name: str
    note: str
    kind: str
    href: str
    count: int
    lines: list[Text] = field(default_factory=list)

    width: int = BOX

    @property
    def right(self) -> int:
        return self.x + self.width - 14

    @property
    def middle(self) -> int:
        return self.y + HEAD // 2


@dataclass(frozen=True)
class Diagram:
    """Boxes and the paths of the arrows between them."""

    boxes: list[Box]
    arrows: list[str]
    height: int
    width: int = WIDTH


def draw(
    tracks: Sequence[Track], steps: Iterable[Step], attached: Sequence[Attached], counts: Mapping[int, int]
) -> Diagram:
    """Lays the map out. `counts` are the leads that stand in each track."""
    by_track: dict[int, list[Step]] = {track.pk: [] for track in tracks}
    for step in steps:
        by_track[step.track_id].append(step)
    left, right, arrows, y = list[Box](), list[Box](), list[str](), 1
    rest = list(tracks)
    while rest:
        row = waves.together(rest)
        rest = rest[len(row) :]
        beside = y
        for track in row:
            is_video = track.kind == Track.Kind.VIDEO
            box = _box(track, by_track[track.pk], attached, counts.get(track.pk, 0))
            box.x, top = (BOX + GAP, beside) if is_video else (1, y)
            _place(box, top)
            (right if is_video else left).append(box)
            beside = beside + box.height + 12 if is_video else beside
        task = left[-1] if row[-1].kind != Track.Kind.VIDEO else None
        if task is not None:
            beside_it = right[len(right) - len(row) + 1 :]
            arrows += [f"M{BOX + 1} {task.middle}H{BOX + GAP // 2}V{box.middle}H{BOX + GAP - 2}" for box in beside_it]
        y = max([beside - 12, *([task.y + task.height] if task else [])]) + SPACE
    arrows += [f"M{BOX // 2} {a.y + a.height}V{b.y - 3}" for a, b in pairwise(left)]
    return Diagram([*left, *right], arrows, max(y - SPACE, 1) + 2)


def _box(track: Track, steps: Sequence[Step], attached: Sequence[Attached], count: int) -> Box:
    kinds = {Track.Kind.FLEX: _("Flex"), Track.Kind.VIDEO: _("Video")}
    leads = ngettext("%(n)d lead", "%(n)d leads", count) % {"n": count} if count else ""
    box = Box(
        0, 0, 0, _short(track.name), kinds.get(Track.Kind(track.kind), ""), track.kind, f"#track-{track.pk}", count
    )
    box.note = " · ".join(filter(None, [box.note, leads]))
    for each in _at(attached, "track", track.pk):
        box.lines.append(_flow(each))
    for step in steps:
        optional = "" if step.required else " ({})".format(_("optional"))
        box.lines.append(Text(0, _short(step.name) + optional, "step", f"#step-{step.pk}"))
        box.lines += [_flow(each) for each in _at(attached, "step", step.pk)]
    box.height = HEAD + len(box.lines) * LINE + (FOOT if box.lines else 0)
    return box


def _place(box: Box, y: int) -> None:
    box.y = y
    first = y + HEAD + LINE // 2 + 2
    box.lines = [Text(first + n * LINE, line.text, line.tone, line.href) for n, line in enumerate(box.lines)]


def _flow(each: Attached) -> Text:
    name = _short(each.workflow.name)
    said = name if each.is_live else _("%(name)s (%(state)s)") % {"name": name, "state": _state(each)}
    return Text(
        0, said, "flow" if each.is_live else "flow off", f"#flows-{each.place[0]}-{each.place[1]}" if each.place else ""
    )


def _state(each: Attached) -> str:
    return str(each.workflow.get_status_display()).lower()


def _at(attached: Sequence[Attached], kind: str, pk: int) -> list[Attached]:
    return [each for each in attached if each.place == (kind, pk)]


def _short(text: str) -> str:
    return Truncator(text).chars(LONGEST)
