"""A workflow document as points to draw: what each says, how many runs went past it, and where it leads.

Reads any JSON, also a draft that is wrong or half written: what cannot be drawn is left out, nothing raises.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triggers import registry
from triggers.admin.flow.counts import Counts
from triggers.wording import sentences, words
from triggers.workflows.document import objects, ways

# Deeper documents are refused by the check; what is drawn of them ends here.
DEEPEST: Final = 8
ENDS: Final = "run.stop"


@dataclass
class Way:
    """One way out of a point, with the points that stand there."""

    label: str
    count: int | None
    points: list["Point"] = field(default_factory=list)


@dataclass
class Point:
    """One box. `tone` colours its note: bad, wait, quiet, or off where runs skip it; `off` where no card belongs to it."""

    title: str
    note: str = ""
    tone: str = "quiet"
    count: int | None = None
    href: str = ""
    kind: str = "action"
    ways: list[Way] = field(default_factory=list)


def points(document: Any, counts: Counts | None) -> tuple[list[Point], list[Point]]:
    """What starts the workflow, and what it does then up to its end."""
    source = document if isinstance(document, Mapping) else {}
    starts = [point for entry in objects(source.get("triggers")) for point in _starts(entry, source, counts)]
    reader = _Reader(source, counts)
    return starts, reader.line(source.get("actions"), 1, _total(counts), closes=True)


def _total(counts: Counts | None) -> int | None:
    return sum(counts.started.values()) if counts else None


def _starts(entry: Mapping[str, Any], source: Mapping[str, Any], counts: Counts | None) -> Iterator[Point]:
    """A trigger, and what it asks besides where it asks anything."""
    uid, key = str(entry.get("uid") or ""), str(entry.get("event") or "")
    kind = registry.events.get(key)
    started = counts.started[uid] if counts else None
    asked = sentences.asked(entry.get("conditions"), {"triggers": [entry]})
    title = capfirst(sentences.started_by(entry)) if key else _("Something happens")
    note = words.section(kind) if kind else ""
    yield Point(title, note, count=None if asked else started, href=f"#card-{uid}", kind="start")
    if asked:
        missed = counts.missed[uid] if counts else 0
        told = ngettext("%(n)d did not match", "%(n)d did not match", missed) % {"n": missed} if missed else ""
        yield Point(capfirst(asked), told, count=started, href=f"#card-{uid}", kind="condition")


class _Reader:
    """Walks the actions of one document."""

    def __init__(self, source: Mapping[str, Any], counts: Counts | None) -> None:
        self.source, self.counts = source, counts

    def line(self, nodes: Any, depth: int, coming: int | None, *, closes: bool) -> list[Point]:
        """The points of one list of actions. Where it `closes`, nothing follows: each way gets an end of its own."""
        items = objects(nodes) if depth <= DEEPEST else []
        made = []
        for place, node in enumerate(items):
            is_last = closes and place == len(items) - 1
            made.append(self._point(node, depth, forks_for_good=is_last))
            coming = self._passed(node)
        last = items[-1] if items else {}
        if closes and last.get("action") != ENDS and not (made and made[-1].ways):
            made.append(Point(_("End"), _("Done"), count=coming, kind="end"))
        return made

    def _point(self, node: Mapping[str, Any], depth: int, *, forks_for_good: bool) -> Point:
        uid = str(node.get("uid") or "")
        point = Point(self._title(node), *self._note(node, uid), count=self._passed(node), href=f"#card-{uid}")
        lanes = ways(node) if node.get("off") is not True else []
        if any(children for _name, children, _path in lanes):
            point.ways = [self._way(node, uid, name, children, depth, forks_for_good) for name, children, _p in lanes]
        return point

    def _way(
        self, node: Mapping[str, Any], uid: str, name: str, children: Any, depth: int, closes: bool
    ) -> Way:  # fmt: skip
        taken = self.counts.ways[uid, name] if self.counts else None
        label = capfirst(sentences.way(node, name, self.source))
        return Way(label, taken, self.line(children, depth + 1, taken, closes=closes))

    def _title(self, node: Mapping[str, Any]) -> str:
        for form in ("branch", "split"):
            if form in node:
                return str(node.get("name") or words.action_label(form))
        bare = {"action": node.get("action"), "config": node.get("config"), "name": node.get("name")}
        return capfirst(sentences.phrase(bare)) or _("Nothing chosen yet")

    def _note(self, node: Mapping[str, Any], uid: str) -> tuple[str, str]:
        """Trouble before patience before what it asks."""
        if node.get("off") is True:
            return _("Switched off"), "off"
        failed, waiting = (self.counts.failed[uid], self.counts.waiting[uid]) if self.counts else (0, 0)
        if failed:
            return ngettext("%(n)d failed", "%(n)d failed", failed) % {"n": failed}, "bad"
        if waiting:
            return ngettext("%(n)d waiting now", "%(n)d waiting now", waiting) % {"n": waiting}, "wait"
        asked = sentences.asked(node.get("only_if"), self.source)
        return _("only if %(conditions)s") % {"conditions": asked} if asked else "", "quiet"

    def _passed(self, node: Mapping[str, Any]) -> int | None:
        return self.counts.passed[str(node.get("uid") or "")] if self.counts else None


def flattened(line: Sequence[Point], depth: int = 0, way: str = "") -> Iterator[tuple[int, str, Point]]:
    """Every point in reading order: how deep it stands, by which way it is reached, and the point."""
    for place, point in enumerate(line):
        yield depth, way if place == 0 else "", point
        for each in point.ways:
            yield from flattened(each.points, depth + 1, each.label)
