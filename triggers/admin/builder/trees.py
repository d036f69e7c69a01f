"""Condition trees and their posted form: reading rows and groups back, and the shape a group has in a document.

A group says all, any, none or not all of its rows; `none` and `not_all` are written as `not`. A group of one that
the document writes without a list is *lone*.
"""

from collections.abc import Mapping
from typing import Any, Final

from triggers.admin.builder.config import Posted, last
from triggers.admin.builder.marks import Mark
from triggers.admin.builder.values import JSON, RAW, read_json
from triggers.conditions.fields import OPERATORS, Field, operators
from triggers.problems import Path

NEGATED: Final = {"none": "any", "not_all": "all"}
MODES: Final = ("all", "any", *NEGATED)
# In the select of fields: the one whose name is typed in.
OTHER: Final = "~other"


def read_slot(mark: Mark, data: Posted) -> Any:
    """The tree within a block; None where it has no condition."""
    groups = [child for child in mark.children if child.sort == "group"]
    return _read_group(groups[0], data) if groups and groups[0].children else None


def _read_group(mark: Mark, data: Posted) -> Any:
    inner = [
        _read_group(child, data) if child.sort == "group" else read_row(child.name, data) for child in mark.children
    ]
    mode = last(data, f"{mark.name}.mode")
    lone = f"{mark.name}.lone" in data and len(inner) == 1
    return tree_of(mode if mode in MODES else "all", inner, lone)


def read_row(name: str, data: Posted) -> Any:
    """One comparison as it was posted."""
    if name + RAW in data:
        return read_json(last(data, name + RAW))
    chosen, op = last(data, f"{name}.field"), last(data, f"{name}.op")
    leaf: dict[str, Any] = {"field": last(data, f"{name}.other") or chosen if chosen == OTHER else chosen, "op": op}
    shape = OPERATORS[op].operand if op in OPERATORS else "one"
    if shape == "one":
        leaf["value"] = _posted(f"{name}.value", data)
    elif shape == "many":
        leaf["value"] = [item for item in _all_posted(f"{name}.value", data) if item != ""]
    elif shape == "two":
        low, high = _posted(f"{name}.from", data), _posted(f"{name}.to", data)
        leaf["value"] = {"from": low, "to": high} if last(data, f"{name}.shape") == "object" else [low, high]
    elif shape == "duration":
        leaf["value"] = {last(data, f"{name}.unit") or "days": read_json(last(data, f"{name}.amount"))}
    return leaf


def fitted(leaf: Mapping[str, Any], asked: Field | None) -> dict[str, Any]:
    """The leaf after another field or comparison was chosen: a comparison that goes with it, and room for a value."""
    op, value = leaf.get("op"), leaf.get("value", "")
    if asked is not None and op not in {each.key for each in operators(asked)}:
        op, value = operators(asked)[0].key, ""
    shape = OPERATORS[op].operand if op in OPERATORS else "one"
    found = {"field": leaf.get("field", ""), "op": op or ""}
    if shape == "many" and not isinstance(value, list):
        value = [value] if value not in ("", None) and not isinstance(value, dict) else []
    elif shape == "two" and not (isinstance(value, list) and len(value) == 2):
        value = ["", ""]
    elif shape == "duration" and not isinstance(value, dict):
        value = {"days": 7}
    elif shape == "one" and isinstance(value, list | dict):
        value = value[0] if isinstance(value, list) and value else ""
    return found if shape == "none" else found | {"value": value}


def _posted(name: str, data: Posted) -> Any:
    return (_all_posted(name, data) or [""])[-1]


def _all_posted(name: str, data: Posted) -> list[Any]:
    texts: list[Any] = list(data.getlist(name)) if name in data else []
    if name + JSON in data:
        texts += [read_json(text) for text in data.getlist(name + JSON)]
    return texts


def shape_of(tree: Any) -> tuple[str, list[Any], Path, bool] | None:
    """Mode, rows, the path to them, and whether it is a group of one written without a list."""
    if not isinstance(tree, dict):
        return None
    if "field" in tree:
        return "all", [tree], (), True
    if len(tree) != 1:
        return None
    [(key, inner)] = tree.items()
    if key in ("all", "any"):
        return (key, inner, (key,), False) if isinstance(inner, list) and inner else None
    if key != "not" or not isinstance(inner, dict):
        return None
    if "field" in inner:
        return "none", [inner], ("not",), True
    modes = {key: mode for mode, key in NEGATED.items()}
    [(below, rows)] = inner.items() if len(inner) == 1 else [("", None)]
    if below in modes and isinstance(rows, list) and rows:
        return modes[below], rows, ("not", below), False
    return None


def tree_of(mode: str, inner: list[Any], lone: bool) -> Any:
    if lone and mode in ("all", "any"):
        return inner[0]
    if lone and mode == "none":
        return {"not": inner[0]}
    return {"not": {NEGATED[mode]: inner}} if mode in NEGATED else {mode: inner}
