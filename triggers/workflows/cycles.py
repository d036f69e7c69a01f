"""Loops that can be seen before anything runs: starts in a circle are refused, effects only warned of.

The guards stop every loop at run time; this tells staff sooner.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from triggers import registry
from triggers.models.workflow import Workflow
from triggers.problems import Path, Problem
from triggers.workflows.document import outlets


def warnings(document: dict[str, Any], slug: str) -> Iterator[Problem]:
    """Circles of `workflow.start` as errors; actions that may set off this workflow again as warnings."""
    started_by = {str(entry.get("event")) for entry in _dicts(document.get("triggers"))}
    for node, path in nodes(document.get("actions"), ("actions",)):
        target = (node.get("config") or {}).get("workflow") if isinstance(node.get("config"), dict) else None
        if node.get("action") == "workflow.start" and slug and target and _leads_back(target, slug, set()):
            yield Problem((*path, "config", "workflow"), _("This starts workflows in a circle, back to this one."))
        kind = registry.actions.get(node.get("action") or "")
        again = sorted(started_by & set(kind.may_cause)) if kind else []
        if again:
            yield Problem(path, _(
                "This action can cause “%(event)s”, which starts this workflow. It will not run on its own effect."
            ) % {"event": again[0]}, warning=True)  # fmt: skip


def nodes(items: Any, path: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """Every node of an action list with its path, depth first; passes over what has not the right shape."""
    for index, item in enumerate(_dicts(items)):
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
    found = Workflow.objects.filter(slug=start).select_related("current").first()
    document = found.current.document if found and found.current else {}
    targets = [
        node["config"].get("workflow")
        for node, _path in nodes(document.get("actions"), ())
        if node.get("action") == "workflow.start"
    ]
    return any(_leads_back(target, slug, seen) for target in targets if target)


def _dicts(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
