"""Where used: which workflows name a tag, another workflow, a webhook. Apps register what of theirs can be named."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.apps import apps

from triggers.models.workflow import Workflow
from triggers.workflows.cycles import nodes
from triggers.workflows.document import objects


@dataclass(frozen=True)
class Thing:
    """A kind of record that workflows name: in which settings, and by which column."""

    label: Any
    model: str
    settings: tuple[str, ...]
    column: str = "pk"


@dataclass(frozen=True)
class Use:
    """One place: the workflow, and the action or event there; empty where it is a condition."""

    workflow: Workflow
    kind: str


@dataclass
class Named:
    """One record with the places that name it. `pk` is None where there is no such record any more."""

    value: str
    called: str
    pk: Any = None
    uses: list[Use] = field(default_factory=list)


things: Final[list[Thing]] = []


def register(thing: Thing) -> None:
    if thing not in things:
        things.append(thing)


def in_force(workflow: Workflow) -> dict[str, Any]:
    """The live document where there is one at work, else the draft; an empty one where its shape is wrong."""
    document = workflow.current.document if workflow.current and workflow.is_matching else workflow.draft
    return document if isinstance(document, dict) else {}


def where_used(workflows: Iterable[Workflow]) -> list[tuple[Thing, list[Named]]]:
    """Everything that the workflows name, by kind, in alphabetical order; one query for each kind."""
    by_setting = {name: thing for thing in things for name in thing.settings}
    found: dict[Thing, dict[str, Named]] = {thing: {} for thing in things}
    for workflow in workflows:
        for kind, name, value in _settings(in_force(workflow)):
            thing = by_setting.get(name)
            if thing is not None:
                named = found[thing].setdefault(value.casefold(), Named(value, value))
                use = Use(workflow, kind)
                named.uses += [] if use in named.uses else [use]
    for thing, named_things in found.items():
        _identify(thing, named_things)
    return [
        (thing, sorted(named.values(), key=lambda each: each.called.casefold()))
        for thing, named in found.items()
        if named
    ]


def _identify(thing: Thing, named: dict[str, Named]) -> None:
    """Gives each its record's name and number."""
    if not named:
        return
    rows: Any = apps.get_model(thing.model)._default_manager.all()
    if thing.column == "pk":
        rows = rows.filter(pk__in=[value for value in named if value.isdigit()])
    for row in rows:
        each = named.get(str(getattr(row, thing.column)).casefold())
        if each is not None:
            each.called, each.pk = str(row), row.pk


def _settings(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every value of a document: the kind it stands at, the setting's name, the value as text."""
    for part in ("triggers", "exits"):
        for entry in objects(document.get(part)):
            yield from _values(str(entry.get("event")), entry.get("config"))
            yield from _asked(entry.get("conditions"))
    for node, _path in nodes(document.get("actions"), ()):
        yield from _values(str(node.get("action")), node.get("config"))
        yield from _asked(node.get("only_if"))
        for case in objects(node.get("branch")):
            yield from _asked(case.get("if"))


def _values(kind: str, config: Any, name: str = "") -> Iterator[tuple[str, str, str]]:
    if isinstance(config, Mapping):
        for key, value in config.items():
            # What is chosen by a case goes by the name of the cases.
            yield from _values(kind, value, name or str(key))
    elif isinstance(config, list):
        for item in config:
            yield from _values(kind, item, name)
    elif isinstance(config, str | int) and not isinstance(config, bool) and str(config):
        yield kind, name, str(config)


def _asked(tree: Any) -> Iterator[tuple[str, str, str]]:
    """The values that conditions compare with, under the last part of their field: contact.tags."""
    if not isinstance(tree, Mapping):
        return
    if "field" in tree:
        yield from _values("", tree.get("value"), str(tree["field"]).rpartition(".")[2])
    for group in ("all", "any"):
        for child in objects(tree.get(group)):
            yield from _asked(child)
    yield from _asked(tree.get("not"))
