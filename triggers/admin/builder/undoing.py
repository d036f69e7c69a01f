"""Undo within the form: each change by a button is kept in the page, and taken back from the newest on.

Nothing is stored on the server: the page posts the drafts as they were, and what was done to each of them. What is
typed into a field is no such change; the browser takes that back itself. Another type of card or another field of a
condition is one: what had been set for the first is told by the draft as it was last shown.
"""

import copy
import json
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _

from triggers.admin.builder import edits
from triggers.admin.builder.config import Posted, last
from triggers.admin.builder.edits import Edited
from triggers.admin.builder.finding import find, item_of
from triggers.admin.builder.values import read_json, same
from triggers.wording import sentences

UNDO: Final = "undo"
KEPT: Final = "~undo"
SHOWN: Final = "~shown"
# Changes that are kept, and how many letters all of them may have.
MOST: Final = 10
ROOM: Final = 300_000
# What only adds something empty is taken back as easily by hand, and is not offered beside it.
ADDS: Final = ("add", "leaf", "group", "row", "case")


def press(document: Any, button: str, data: Posted) -> Edited:
    """The draft after a button, with what can be taken back from then on."""
    kept = [text for text in data.getlist(KEPT) if _is_kept(text)] if KEPT in data else []
    if button == UNDO:
        return _undone(document, kept)
    try:
        return _changed(document, button, kept, data)
    except RecursionError:
        # What was posted as shown is nested as no page of ours nests it.
        return Edited(document)


def _changed(document: Any, button: str, kept: list[str], data: Posted) -> Edited:
    verb, _colon, place = button.partition(":")
    edited, before = edits.edit(document, button), document
    if verb == "choose":
        before = _before_the_choice(document, read_json(last(data, SHOWN)), place.partition("~")[0])
        edited = replace(edited, said=_("Changed: %(name)s.") % {"name": _called(before, place.partition("~")[0])})
    if same(edited.document, before) or not isinstance(before, dict):
        return replace(edited, kept=kept)
    kept = _fitting([*kept, json.dumps({"was": before, "said": edited.said}, ensure_ascii=False)])
    is_told = verb not in ADDS and (verb != "choose" or _is_lost(before, place))
    return replace(edited, kept=kept, is_change=is_told, said=edited.said or (_("Removed.") if is_told else ""))


def _undone(document: Any, kept: list[str]) -> Edited:
    if not kept:
        return Edited(document, "add-last", _("There is nothing to undo."))
    *rest, newest = kept
    found = read_json(newest)
    said = _("Undone: %(what)s") % {"what": found["said"]} if found.get("said") else _("Undone.")
    return Edited(found["was"], "undo-last" if rest else "add-last", said, kept=rest)


def _before_the_choice(document: Any, shown: Any, uid: str) -> Any:
    """The posted draft, but the card of the choice as it was last shown: with what the first choice had."""
    was = item_of(shown, uid) if isinstance(shown, dict) else None
    changed = copy.deepcopy(document)
    here = find(changed, uid) if isinstance(changed, dict) else None
    if was is not None and here is not None:
        here[0][here[1]] = was
    return changed


def _is_lost(before: dict[str, Any], place: str) -> bool:
    """Whether something had been chosen before."""
    uid, tilde, _key = place.partition("~")
    item = item_of(before, uid) or {}
    return bool(tilde or item.get("event") or item.get("action"))


def _called(document: Any, uid: str) -> str:
    item = item_of(document, uid) if isinstance(document, dict) else None
    return sentences.heading(item or {})


def _is_kept(text: str) -> bool:
    found = read_json(text)
    return isinstance(found, dict) and isinstance(found.get("was"), dict) and isinstance(found.get("said", ""), str)


def _fitting(kept: list[str]) -> list[str]:
    """The newest, as many as there is room for."""
    found: list[str] = []
    for text in reversed(kept[-MOST:]):
        if sum(map(len, found)) + len(text) > ROOM:
            break
        found.insert(0, text)
    return found
