"""The document that a posted form says, read from its marks and fields. Never raises, whatever is posted."""

from typing import Any

from triggers import registry
from triggers.admin.builder import marks
from triggers.admin.builder.cards import LIMITS, WHOLE
from triggers.admin.builder.config import Json, Posted, last, read_config, words
from triggers.admin.builder.finding import FORMS
from triggers.admin.builder.marks import Mark
from triggers.admin.builder.trees import read_slot
from triggers.admin.builder.values import RAW, line_ends, read_json
from triggers.workflows.document import Settings


def is_posted(data: Any) -> bool:
    """Whether this is the form of cards; else only JSON may have been sent."""
    return f"{WHOLE}:had" in data


def read(data: Posted) -> Any:
    """The document. A part without entries is left out unless it was there before."""
    outline = marks.read(data.getlist(marks.TREE))
    slots = {mark.name: mark for mark in outline.within("if")}
    had = words(data, f"{WHOLE}:had")
    document = _extra(WHOLE, data)
    parts: Json = {
        "triggers": [_entry(mark, slots, data) for mark in outline.within("trigger")],
        "exits": [_entry(mark, slots, data) for mark in outline.within("exit")],
        "actions": _actions(outline, data),
        "settings": read_config(Settings, LIMITS, data),
    }
    return document | {name: part for name, part in parts.items() if part or name in had}


def _entry(mark: Mark, slots: dict[str, Mark], data: Posted) -> Any:
    uid = mark.name
    if uid + RAW in data:
        return read_json(last(data, uid + RAW))
    had, key = words(data, f"{uid}:had"), last(data, f"{uid}:event")
    entry = {"uid": uid, **_extra(uid, data)}
    if key or "event" in had:
        entry["event"] = key
    kind = registry.events.get(key)
    _put(entry, "config", _config(kind.Options if kind else None, uid, data), had)
    slot = next(mark.within("if"), None) or slots.get(f"{uid}~conditions")
    _put(entry, "conditions", read_slot(slot, data) if slot else None, had)
    return entry


def _actions(mark: Mark, data: Posted) -> list[Any]:
    return [_action(child, data) for child in mark.within("action")]


def _action(mark: Mark, data: Posted) -> Any:
    uid = mark.name
    if uid + RAW in data:
        return read_json(last(data, uid + RAW))
    had, key = words(data, f"{uid}:had"), last(data, f"{uid}:action")
    slots = {child.name: child for child in mark.within("if")}
    node = {"uid": uid, **_extra(uid, data)}
    if key in FORMS:
        node[key] = [_case(child, key, data) for child in mark.within("case")]
        for child in mark.within("else"):
            _put(node, "else", _actions(child, data), had)
    else:
        if key or "action" in had:
            node["action"] = key
        _put(node, "config", _action_config(key, uid, slots, data), had)
        _put(node, "outcomes", _outcomes(mark, data), had)
    _put(node, "name", last(data, f"{uid}:name"), had)
    _put(node, "on_error", last(data, f"{uid}:on_error"), had)
    if f"{uid}:off" in data or "off" in had:
        node["off"] = f"{uid}:off" in data
    slot = slots.get(f"{uid}~only_if")
    _put(node, "only_if", read_slot(slot, data) if slot else None, had)
    return node


def _action_config(key: str, uid: str, slots: dict[str, Mark], data: Posted) -> Any:
    kind = registry.actions.get(key)
    config = _config(kind, uid, data)
    slot = slots.get(f"{uid}~config")
    if kind is not None and slot is not None and isinstance(config, dict) and "conditions" in kind.model_fields:
        _put(config, "conditions", read_slot(slot, data), words(data, f"{uid}.:had"))
    return config


def _case(mark: Mark, form: str, data: Posted) -> Json:
    uid = mark.name
    had = words(data, f"{uid}:had")
    case = {"uid": uid, **_extra(uid, data)}
    _put(case, "name", last(data, f"{uid}:name"), had)
    if form == "branch":
        slot = next(mark.within("if"), None)
        _put(case, "if", read_slot(slot, data) if slot else None, had)
    else:
        _put(case, "weight", read_json(last(data, f"{uid}:weight")), had)
    _put(case, "then", _actions(mark, data), had)
    return case


def _outcomes(mark: Mark, data: Posted) -> Json:
    found = {}
    for child in mark.within("outcome"):
        nodes = _actions(child, data)
        if nodes or f"{child.name}:had" in data:
            found[child.name.rpartition("/")[2]] = nodes
    return found


def _config(model: Any, uid: str, data: Posted) -> Any:
    """The config of a known kind from its controls; else its JSON as it stands."""
    if f"{uid}:config" in data:
        text = line_ends(last(data, f"{uid}:config"))
        return read_json(text) if text.strip() else {}
    return read_config(model, uid, data) if model is not None else {}


def _extra(name: str, data: Posted) -> Json:
    """What the document holds besides; it is not to overrule what has a control."""
    found = read_json(last(data, f"{name}:extra"))
    return found if isinstance(found, dict) else {}


def _put(item: Json, key: str, value: Any, had: Any) -> None:
    if key in had or value not in (None, "", [], {}):
        item[key] = value
