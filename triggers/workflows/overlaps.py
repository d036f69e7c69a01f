"""Live workflows that would message one person twice for the same event, and starts that go in a circle.

Two triggers are taken to overlap unless a condition of one plainly excludes the other: it asks the same field
for other values. What cannot be told apart is reported, and a person looks.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, Final

from pydantic import ValidationError

from triggers import registry
from triggers.matching.compiled import conditions_of
from triggers.models.workflow import Workflow
from triggers.workflows.cycles import nodes, targets
from triggers.workflows.document import objects
from triggers.workflows.uses import in_force

CHOSEN: Final = ("is", "is_any_of")
# Pairs that are told; who has more begins with these.
MOST: Final = 100
# Of one event type; each is compared with each.
COMPARED: Final = 300


@dataclass(frozen=True)
class Overlap:
    """Two workflows that both write to the person when this event happens."""

    event: str
    one: Workflow
    other: Workflow


@dataclass(frozen=True)
class _Start:
    workflow: Workflow
    event: str
    address: str | None
    wanted: Mapping[str, frozenset[str]]


def overlaps(workflows: Iterable[Workflow]) -> list[Overlap]:
    """The pairs among workflows that write messages, by event; at most `MOST`."""
    by_event: dict[str, list[_Start]] = defaultdict(list)
    for workflow in workflows:
        if workflow.is_matching and messages(in_force(workflow)):
            for start in _starts(workflow, in_force(workflow)):
                by_event[start.event].append(start)
    found: dict[tuple[str, int, int], Overlap] = {}
    for event, starts in sorted(by_event.items()):
        for one, other in combinations(starts[:COMPARED], 2):
            if one.workflow.pk != other.workflow.pk and not _exclude(one, other):
                key = (event, one.workflow.pk, other.workflow.pk)
                found.setdefault(key, Overlap(event, one.workflow, other.workflow))
            if len(found) >= MOST:
                return list(found.values())
    return list(found.values())


def beside(workflow: Workflow, draft: Mapping[str, Any]) -> list[Overlap]:
    """The live workflows that would write to the person as well if this draft of the workflow were live."""
    mine = list(_starts(workflow, draft)) if messages(draft) else []
    kinds = {start.event for start in mine}
    others = Workflow.objects.filter(triggers__event_type__in=kinds, triggers__kind="start").distinct()
    found: dict[int, Overlap] = {}
    for other in others.exclude(pk=workflow.pk).select_related("current").order_by("name") if kinds else ():
        if not other.is_matching or not messages(in_force(other)):
            continue
        for one, another in product(mine, _starts(other, in_force(other))):
            if one.event == another.event and not _exclude(one, another):
                found.setdefault(other.pk, Overlap(one.event, workflow, other))
    return list(found.values())


def messages(document: Mapping[str, Any]) -> bool:
    """Whether any of its actions writes to a person."""
    kinds = (registry.actions.get(str(node.get("action"))) for node, _path in nodes(document.get("actions"), ()))
    return any(kind is not None and kind.sends for kind in kinds)


def circles(workflows: Iterable[Workflow]) -> list[list[Workflow]]:
    """Workflows that start one another in a circle, each circle once, from its first by name."""
    by_slug = {workflow.slug: workflow for workflow in workflows}
    leads = {
        slug: sorted({to for node, _p in nodes(in_force(flow).get("actions"), ()) for _at, to in targets(node)})
        for slug, flow in by_slug.items()
    }
    found: dict[frozenset[str], list[str]] = {}
    for slug in by_slug:
        way = _back(slug, slug, leads, set())
        if way:
            found.setdefault(frozenset(way), way)
    return [[by_slug[slug] for slug in way] for way in found.values()]


def _back(at: str, home: str, leads: Mapping[str, list[str]], seen: set[str]) -> list[str]:
    """A way from here to home, without home at its end; empty where there is none."""
    for target in leads.get(at, ()):
        if target == home:
            return [at]
        if target not in seen:
            seen.add(target)
            way = _back(target, home, leads, seen)
            if way:
                return [at, *way]
    return []


def _starts(workflow: Workflow, document: Mapping[str, Any]) -> Iterator[_Start]:
    for entry in objects(document.get("triggers")):
        kind = registry.events.get(str(entry.get("event")))
        if kind is None:
            continue
        config = entry.get("config") or {}
        try:
            address = kind.address(kind.Options.model_validate(config))
            tree = conditions_of(kind.key, config, entry.get("conditions"))
        except (ValidationError, ValueError):
            continue
        yield _Start(workflow, kind.key, address, dict(_wanted(tree)))


def _wanted(tree: Any) -> Iterator[tuple[str, frozenset[str]]]:
    """The fields that must have one of some values for the tree to hold."""
    if not isinstance(tree, Mapping):
        return
    if tree.get("op") in CHOSEN:
        value = tree.get("value")
        values = value if isinstance(value, list) else [value]
        yield str(tree.get("field")), frozenset(str(each).casefold() for each in values)
    for child in objects(tree.get("all")):
        yield from _wanted(child)


def _exclude(one: _Start, other: _Start) -> bool:
    if one.address is not None and other.address is not None and one.address != other.address:
        return True
    return any(values.isdisjoint(other.wanted[name]) for name, values in one.wanted.items() if name in other.wanted)
