"""Loops that can be seen before anything runs: starts in a circle are refused, effects only warned of.

The guards stop every loop at run time; this tells staff sooner.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from triggers import registry
from triggers.models.workflow import Workflow
from triggers.problems import Path, Problem
from triggers.workflows.document import outlets

CHOOSE: Final = "workflow.choose"
# A choice may lead to another one, this deep.
DEEPEST: Final = 5


def warnings(document: dict[str, Any], slug: str) -> Iterator[Problem]:
    """Circles of `workflow.start` as errors; actions that may set off this workflow again as warnings."""
    started_by = {str(entry.get("event")) for entry in dicts(document.get("triggers"))}
    for node, path in nodes(document.get("actions"), ("actions",)):
        for place, target in targets(node):
            if slug and _leads_back(target, slug, set()):
                yield Problem((*path, "config", *place), _("This starts workflows in a circle, back to this one."))
            elif node.get("action") == CHOOSE and choices(target, 1) >= DEEPEST:
                message = _("Choices lead to one another more than %(n)d deep.") % {"n": DEEPEST}
                yield Problem((*path, "config", *place), message)
        kind = registry.actions.get(node.get("action") or "")
        again = sorted(started_by & set(kind.may_cause)) if kind else []
        if again:
            yield Problem(path, _(
                "This action can cause “%(event)s”, which starts this workflow. It will not run on its own effect."
            ) % {"event": again[0]}, warning=True)  # fmt: skip


def targets(node: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """The workflows that a node may start, by their short names, each with its place in the node's settings."""
    config = node.get("config")
    if not isinstance(config, dict):
        return
    named: list[tuple[Path, Any]] = []
    if node.get("action") == "workflow.start":
        named = [(("workflow",), config.get("workflow"))]
    elif node.get("action") == CHOOSE:
        cases = config.get("cases")
        named = [(("cases", value), slug) for value, slug in cases.items()] if isinstance(cases, dict) else []
        named.append((("otherwise",), config.get("otherwise")))
    for place, slug in named:
        if isinstance(slug, str) and slug:
            yield place, slug


def choices(slug: str, depth: int) -> int:
    """How many choices lead to one another from this workflow on, at most; it stops counting where it is too many."""
    chosen = [target for node in _live_nodes(slug) if node.get("action") == CHOOSE for _at, target in targets(node)]
    if not chosen or depth > DEEPEST:
        return 0 if not chosen else 1
    return 1 + max(choices(target, depth + 1) for target in set(chosen))


def nodes(items: Any, path: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """Every node of an action list with its path, depth first; passes over what has not the right shape."""
    for index, item in enumerate(dicts(items)):
        here = (*path, index)
        yield item, here
        if all(isinstance(item.get(key, []), list) for key in ("branch", "split")) and isinstance(
            item.get("outcomes", {}), dict
        ):
            cases = [case for key in ("branch", "split") for case in item.get(key, [])]
            if all(isinstance(case, dict) for case in cases):
                for _name, children, under in outlets(item):
                    yield from nodes(children, (*here, *under))


def _leads_back(start: str, slug: str, seen: set[str]) -> bool:
    if start == slug:
        return True
    if start in seen:
        return False
    seen.add(start)
    return any(_leads_back(target, slug, seen) for node in _live_nodes(start) for _at, target in targets(node))


def _live_nodes(slug: str) -> list[dict[str, Any]]:
    """The actions of a workflow's live version."""
    found = Workflow.objects.filter(slug=slug).select_related("current").first()
    document = found.current.document if found and found.current else {}
    return [node for node, _path in nodes(document.get("actions"), ())]


def dicts(items: Any) -> list[dict[str, Any]]:
    """The objects of what should be a list of them."""
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
