"""Where in a document the entry, the action or the case of a name stands. Takes any JSON."""

from collections.abc import Iterator
from typing import Any, Final

from triggers.workflows.document import outlets

Json = dict[str, Any]
# Actions that are written with cases of their own.
FORMS: Final = ("branch", "split")


def find(document: Any, uid: str) -> tuple[list[Any], int] | None:
    """The list in which the item of this name stands, and its position."""
    for items in _lists(document):
        for index, item in enumerate(items):
            if isinstance(item, dict) and item.get("uid") == uid:
                return items, index
    return None


def item_of(document: Any, uid: str) -> Json | None:
    """The entry, action or case of this name."""
    found = find(document, uid)
    return found[0][found[1]] if found else None


def _lists(document: Json) -> Iterator[list[Any]]:
    for part in ("triggers", "exits"):
        if isinstance(document.get(part), list):
            yield document[part]
    yield from _below(document.get("actions"))


def _below(nodes: Any) -> Iterator[list[Any]]:
    if not isinstance(nodes, list):
        return
    yield nodes
    for node in nodes:
        if not isinstance(node, dict):
            continue
        yield from (node[form] for form in FORMS if isinstance(node.get(form), list))
        for inner in children(node):
            yield from _below(inner)


def children(node: Any) -> list[Any]:
    """The lists of actions behind the ways out of an action; none where it has not the shape for that."""
    try:
        return [nodes for _name, nodes, _path in outlets(node)]
    except (AttributeError, TypeError):
        return []
