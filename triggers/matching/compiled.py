"""Live triggers, compiled once per process and event type, and found by index.

A publish or pause anywhere raises the event type's stamp; the next batch sees it and compiles anew.
Up to `JUDGE_ALL` triggers of a type are each judged, so that every near miss can be told; beyond that
the index leaves out what cannot match, and an event costs the same however many triggers there are.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Final

from triggers import registry
from triggers.conditions.index import Index
from triggers.conditions.tree import InvalidTree, Node, compile_tree
from triggers.evidence import Facts, lookup, namespaces_in
from triggers.models.workflow import CompileStamp, Trigger, Workflow

log = logging.getLogger(__name__)

JUDGE_ALL: Final = 200


@dataclass(frozen=True)
class Compiled:
    """A live trigger with what matching needs of its workflow."""

    uid: str
    kind: str
    event_type: str
    workflow_id: int
    version_id: int
    observing: bool
    enabled_at: datetime
    tree: dict[str, Any] | None
    node: Node
    rank: int = 0
    address: str | None = None
    options: Any = None


class TypeBook:
    """All live triggers of one event type."""

    def __init__(self, entries: list[Compiled], stamp: int) -> None:
        self.entries = entries = sorted(entries, key=lambda entry: (entry.rank, entry.workflow_id, entry.uid))
        self.stamp = stamp
        self.kind = registry.events.get(entries[0].event_type) if entries else None
        self.namespaces = {name for entry in entries for name in namespaces_in(entry.tree)}
        self._addressed: dict[str, list[int]] = defaultdict(list)
        anybodys = []
        for position, entry in enumerate(entries):
            if entry.address is None:
                anybodys.append(position)
            else:
                self._addressed[entry.address].append(position)
        self._anybodys = anybodys
        self._index = Index((at, entries[at].node) for at in anybodys) if len(anybodys) > JUDGE_ALL else None

    def candidates(self, facts: Facts) -> Iterator[Compiled]:
        """The triggers that this event has to be judged against, in the order in which they are to start."""
        positions = list(self._anybodys if self._index is None else self._index.candidates(facts))
        if self._addressed and self.kind is not None:
            for address in self.kind.addresses(facts):
                positions += self._addressed.get(address, ())
        for position in sorted(positions):
            yield self.entries[position]


_books: dict[str, TypeBook] = {}
_loading = Lock()


@dataclass
class Cast:
    """What a rehearsal compiles for itself: of the workflows that it published, or of all where `only` is None."""

    only: set[int] | None
    books: dict[str, TypeBook] = field(default_factory=dict)


rehearsing: ContextVar[Cast | None] = ContextVar("rehearsing", default=None)


def books(types: Collection[str]) -> dict[str, TypeBook]:
    """The current book of each event type; two queries when nothing has changed since the last batch."""
    cast = rehearsing.get()
    if cast is not None:
        missing = {key: TypeBook(load(key, cast.only), 0) for key in types if key not in cast.books}
        cast.books |= missing
        return {key: cast.books[key] for key in types}
    stamps = dict(CompileStamp.objects.filter(event_type__in=types).values_list("event_type", "number"))
    stale = [key for key in types if key not in _books or _books[key].stamp != stamps.get(key, 0)]
    if stale:
        with _loading:
            for key in stale:
                _books[key] = TypeBook(load(key), stamps.get(key, 0))
    return {key: _books[key] for key in types}


def load(event_type: str, only: Collection[int] | None = None) -> list[Compiled]:
    """Compiles the live triggers of one event type from the database; only those of these workflows, where given."""
    kind = registry.events.get(event_type)
    if kind is None:
        return []
    find = lookup(kind)
    rows = Trigger.objects.filter(event_type=event_type).select_related("workflow").order_by("id")
    rows = rows if only is None else rows.filter(workflow__in=only)
    return [compiled for row in rows if (compiled := _readable(row, kind, find))]


def conditions_of(event_type: str, config: dict[str, Any], conditions: dict[str, Any] | None) -> dict[str, Any] | None:
    """A trigger's whole condition: what its options stand for, and what staff wrote."""
    kind = registry.events.find(event_type)
    narrowed = kind.narrow(kind.Options.model_validate(config))
    both = [tree for tree in (narrowed, conditions) if tree]
    return {"all": both} if len(both) == 2 else both[0] if both else None


def _readable(row: Trigger, kind: Any, find: Any) -> Compiled | None:
    """None, told in the log, where the condition names what is there no more: one trigger must not stop the others."""
    try:
        return _compile(row, kind, find)
    except InvalidTree as error:
        log.error("trigger %s of workflow %s is left out: %s", row.uid, row.workflow_id, error)
        return None


def _compile(row: Trigger, kind: Any, find: Any) -> Compiled:
    tree = conditions_of(row.event_type, row.config, row.conditions)
    workflow, options = row.workflow, kind.Options.model_validate(row.config)
    assert workflow.current_id is not None
    assert workflow.enabled_at is not None
    return Compiled(
        uid=row.uid, kind=row.kind, event_type=row.event_type, workflow_id=workflow.pk,
        version_id=workflow.current_id, observing=workflow.status == Workflow.Status.OBSERVING,
        enabled_at=workflow.enabled_at, tree=tree, node=compile_tree(tree, find),
        rank=kind.rank(options), address=kind.address(options), options=options,
    )  # fmt: skip
