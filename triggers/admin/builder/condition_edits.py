"""What the buttons of conditions do: a row or a group more, one less, and what goes with another field."""

from typing import Any

from triggers.admin.builder import offers
from triggers.admin.builder.finding import item_of
from triggers.admin.builder.trees import fitted, shape_of, tree_of
from triggers.conditions.fields import Lookup

Json = dict[str, Any]
BLANK = {"field": "", "op": "", "value": ""}


def edit(document: Json, verb: str, place: str) -> str:
    """Changes the document's tree at `t1~conditions-0-1`; answers the id that has the focus then."""
    uid, _tilde, key = place.partition("~")
    key, *numbers = key.split("-")
    slot = f"{uid}~{key}"
    item = item_of(document, uid)
    if item is None or not all(number.isdigit() and len(number) < 5 for number in numbers):
        return ""
    owner, key = (item.setdefault("config", {}), "conditions") if key == "config" else (item, key)
    if not isinstance(owner, dict):
        return ""
    path = [int(number) for number in numbers]
    tree = owner.get(key)
    if verb == "drop":
        owner[key] = _changed(tree, path, lambda _node: None)
        return f"add-{'-'.join([slot, *numbers[:-1]])}"
    if verb == "choose":
        find = _lookup(document, item, slot)
        owner[key] = _changed(tree, path, lambda leaf: fitted(leaf, find(str(leaf.get("field", "")))))
        return f"{place}.op"
    made = dict(BLANK) if verb == "leaf" else {"any": [dict(BLANK)]}
    owner[key] = _changed(tree, path, lambda group: _with(group, made))
    return f"{place}-{_count(owner[key], path) - 1}{'' if verb == 'leaf' else '-0'}.field"


def _changed(tree: Any, path: list[int], change: Any) -> Any:
    """The tree with the node at the path changed; None takes it out, and a group that is empty goes too."""
    if not path:
        return change(tree)
    shape = shape_of(tree)
    if shape is None:
        # One row of JSON: its only child is the tree itself.
        return change(tree) if path == [0] else tree
    mode, inner, _path, lone = shape
    if path[0] >= len(inner):
        return tree
    made = [*inner]
    made[path[0]] = _changed(inner[path[0]], path[1:], change)
    left = [child for child in made if child is not None]
    return tree_of(mode, left, lone and len(left) == 1) if left else None


def _with(group: Any, more: Json) -> Any:
    if group is None:
        return {"all": [more]}
    shape = shape_of(group)
    if shape is None:
        return {"all": [group, more]}
    mode, inner, _path, _lone = shape
    return tree_of(mode, [*inner, more], False)


def _count(tree: Any, path: list[int]) -> int:
    for number in path:
        shape = shape_of(tree)
        tree = shape[1][number] if shape and number < len(shape[1]) else None
    shape = shape_of(tree)
    return len(shape[1]) if shape else 1


def _lookup(document: Json, item: Json, slot: str) -> Lookup:
    if slot.endswith("~conditions"):
        return offers.of_event(item.get("event"))[1]
    if slot.endswith("~config"):
        return offers.of_event((item.get("config") or {}).get("event"))[1]
    return offers.within_run(document)[1]
