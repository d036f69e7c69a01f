"""What the buttons of the form do to a document: add, remove, move, copy and choose, each a new document.

A button says `verb:…`: `add:action:after:a1`, `add:action:into:outcome:w1/timeout`, `add:trigger`, `up:a1`, `down:a1`,
`copy:a1`, `remove:a1`, `off:a1`, `on:a1`, `choose:a1`, `case:b1`; `row:a1.members` and `unrow:a1.members.0`;
`fallback:contact.first_name`; and for conditions `leaf:t1~conditions`, `group:…`, `drop:t1~conditions-0`,
`choose:t1~conditions-0`. What names nothing changes nothing.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from triggers.admin.builder import condition_edits, fallbacks
from triggers.admin.builder.cards import free_uid, names_in
from triggers.admin.builder.finding import FORMS, find, item_of
from triggers.wording import sentences

Json = dict[str, Any]
CONDITIONS: Final = ("leaf", "group", "drop")


@dataclass(frozen=True)
class Edited:
    """The document after a button, the id of what has the focus then, and what is said to who cannot see it.

    `kept` are the changes that can be taken back (`undoing`), and `is_change` says whether this was one.
    """

    document: Any
    focus: str = ""
    said: str = ""
    kept: list[str] = field(default_factory=list)
    is_change: bool = False


def edit(document: Any, button: str) -> Edited:
    """The document as the button leaves it; `refresh` and what is unknown leave it as it is."""
    verb, _colon, rest = button.partition(":")
    if not isinstance(document, dict):
        return Edited(document)
    changed = copy.deepcopy(document)
    if "~" in rest and (verb in CONDITIONS or verb == "choose"):
        return Edited(changed, condition_edits.edit(changed, verb, rest))
    doing = {
        "add": _add, "remove": _remove, "up": _up, "down": _down, "copy": _copy, "choose": _choose, "case": _case,
        "row": _row, "unrow": _unrow, "off": _off, "on": _on, "fallback": _fallback,
    }.get(verb)  # fmt: skip
    return doing(changed, rest) if doing else Edited(document)


def _add(document: Json, where: str) -> Edited:
    sort, _colon, place = where.partition(":")
    if sort in ("trigger", "exit"):
        uid, entries = free_uid(names_in(document), sort[0]), _list(document, f"{sort}s")
        if entries is None:
            return Edited(document)
        entries.append({"uid": uid, "event": "", "config": {}, "conditions": None})
        return Edited(document, f"{uid}:event")
    found = _place(document, place)
    if sort != "action" or found is None:
        return Edited(document)
    nodes, index = found
    uid = free_uid(names_in(document), "a")
    nodes.insert(index, {"uid": uid, "action": "", "config": {}})
    return Edited(document, f"{uid}:action")


def _place(document: Json, place: str) -> tuple[list[Any], int] | None:
    """The list and the position that `first`, `last`, `after:a1` or `into:case:c1` mean."""
    where, _colon, name = place.partition(":")
    nodes: list[Any] | None
    if where in ("first", "last", ""):
        nodes = _list(document, "actions")
        return None if nodes is None else (nodes, 0 if where == "first" else len(nodes))
    if where == "after":
        found = find(document, name)
        return (found[0], found[1] + 1) if found else None
    sort, _colon, owner = name.partition(":")
    uid, _slash, way = owner.partition("/")
    item = item_of(document, uid)
    if item is None:
        return None
    if sort == "outcome":
        outcomes = item.setdefault("outcomes", {})
        nodes = _list(outcomes, way) if isinstance(outcomes, dict) else None
    else:
        nodes = _list(item, "then" if sort == "case" else "else")
    return None if nodes is None else (nodes, len(nodes))


def _list(item: Json, key: str) -> list[Any] | None:
    """The list at the key, made where there is none; None where something else stands there."""
    found = item.setdefault(key, [])
    return found if isinstance(found, list) else None


def _remove(document: Json, uid: str) -> Edited:
    found = find(document, uid)
    if found is None:
        return Edited(document)
    items, index = found
    called = sentences.heading(items[index]) if isinstance(items[index], dict) else ""
    del items[index]
    left = items[min(index, len(items) - 1)] if items else None
    after = left.get("uid") if isinstance(left, dict) else None
    return Edited(document, f"open-{after}" if after else "add-last", _("Removed: %(name)s.") % {"name": called})


def _up(document: Json, uid: str) -> Edited:
    return _move(document, uid, -1)


def _down(document: Json, uid: str) -> Edited:
    return _move(document, uid, 1)


def _move(document: Json, uid: str, by: int) -> Edited:
    found = find(document, uid)
    if found is None:
        return Edited(document)
    items, index = found
    to = index + by
    if 0 <= to < len(items):
        items.insert(to, items.pop(index))
    at = max(0, min(to, len(items) - 1)) + 1
    called = sentences.heading(item_of(document, uid) or {})
    words = {"name": called, "n": at, "all": len(items)}
    return Edited(document, f"open-{uid}", _("%(name)s, position %(n)d of %(all)d") % words)


def _copy(document: Json, uid: str) -> Edited:
    found = find(document, uid)
    if found is None:
        return Edited(document)
    items, index = found
    twin, taken = copy.deepcopy(items[index]), names_in(document)
    for item in _named(twin):
        item["uid"] = free_uid(taken, item["uid"][0])
        taken.add(item["uid"])
    items.insert(index + 1, twin)
    return Edited(document, f"open-{twin['uid']}", _("Duplicated."))


def _off(document: Json, uid: str) -> Edited:
    return _switch(document, uid, True, _("%(name)s is switched off; runs skip it."))


def _on(document: Json, uid: str) -> Edited:
    return _switch(document, uid, False, _("%(name)s is switched on again."))


def _switch(document: Json, uid: str, off: bool, said: str) -> Edited:
    item = item_of(document, uid)
    if item is None:
        return Edited(document)
    item.pop("off", None)
    if off:
        item["off"] = True
    return Edited(document, f"open-{uid}", said % {"name": sentences.heading(item)})


def _choose(document: Json, uid: str) -> Edited:
    """After another type was chosen: a branch or a split gets the cases it needs."""
    item = item_of(document, uid) or {}
    form = next((form for form in FORMS if form in item), "")
    if form and not item[form]:
        for _number in range(1 if form == "branch" else 2):
            _case(document, uid)
    return Edited(document, f"{uid}:{'event' if 'event' in item else 'action'}")


def _case(document: Json, uid: str) -> Edited:
    item = item_of(document, uid) or {}
    form = next((form for form in FORMS if form in item), "")
    if not form:
        return Edited(document)
    made: Json = {"uid": free_uid(names_in(document), "c"), "name": "", "then": []}
    made |= {"weight": 50} if form == "split" else {"if": None}
    item[form].append(made)
    return Edited(document, f"{made['uid']}:name")


def _row(document: Json, name: str) -> Edited:
    rows, made = _rows(document, name)
    if rows is not None:
        rows.append({})
    return Edited(document, f"row-{made}.{len(rows or ()) - 1}")


def _unrow(document: Json, name: str) -> Edited:
    control, _dot, number = name.rpartition(".")
    rows, made = _rows(document, control)
    if rows is not None and number.isdigit() and int(number) < len(rows):
        del rows[int(number)]
    return Edited(document, f"add-{made}")


def _rows(document: Json, name: str) -> tuple[list[Any] | None, str]:
    """The list of records behind a control such as `a1.members`, made where there is none yet."""
    uid, _dot, key = name.partition(".")
    if uid == "~settings":
        config = document.setdefault("settings", {})
    else:
        config = (item_of(document, uid) or {}).setdefault("config", {})
    rows = config.setdefault(key, []) if isinstance(config, dict) else None
    return (rows if isinstance(rows, list) else None), name


def _fallback(document: Json, field: str) -> Edited:
    first = fallbacks.give(document, field)
    return Edited(document, f"f-{first}", _("Fallback added.")) if first else Edited(document)


def _named(item: Any) -> Iterator[Json]:
    """The item and everything in it that has a name of its own."""
    if isinstance(item, dict) and isinstance(item.get("uid"), str) and item["uid"]:
        yield item
    inner = (
        [item[key] for key in (*FORMS, "then", "else", "outcomes") if key in item] if isinstance(item, dict) else item
    )
    for child in inner if isinstance(inner, list) else ():
        yield from _named([*child.values()] if isinstance(child, dict) and "uid" not in child else child)
