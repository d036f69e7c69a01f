"""What differs between two versions of a workflow, in sentences: what was added, removed, moved, or changed from what to what.

Reads any JSON; what cannot be said is left out, and the caller shows the lines then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from triggers import registry
from triggers.wording import sentences
from triggers.wording.settings import changed_settings, mapping
from triggers.workflows.document import Settings, objects, ways

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """A node where it stands: in which list, after which node."""

    node: Json
    where: tuple[str, str]
    after: str
    called: str


def differences(old: Any, new: Any) -> list[str]:
    """The sentences in reading order; none where the two say the same."""
    before, after = (doc if isinstance(doc, Mapping) else {} for doc in (old, new))
    return [
        *_entries(before, after, "triggers"),
        *_entries(before, after, "exits"),
        *_nodes(before, after),
        *changed_settings(mapping(before.get("settings")), mapping(after.get("settings")), Settings),
    ]


def _entries(before: Json, after: Json, part: str) -> Iterator[str]:
    """Starts and exits that came, went or changed."""
    olds, news = ({str(e.get("uid")): e for e in objects(doc.get(part))} for doc in (before, after))
    added = _("It also starts with “%(what)s”.") if part == "triggers" else _("It also ends with “%(what)s”.")
    gone = _("It starts no more with “%(what)s”.") if part == "triggers" else _("It ends no more with “%(what)s”.")
    for uid, entry in news.items():
        was = olds.get(uid)
        if was is None or was.get("event") != entry.get("event"):
            yield added % {"what": sentences.started_by(entry)}
            continue
        called = sentences.started_by({"event": entry.get("event")})
        kind = registry.events.get(str(entry.get("event")))
        options = kind.Options if kind else None
        yield from changed_settings(mapping(was.get("config")), mapping(entry.get("config")), options, called)
        yield from _asked(was.get("conditions"), entry.get("conditions"), after, called)
    for uid, entry in olds.items():
        if uid not in news or news[uid].get("event") != entry.get("event"):
            yield gone % {"what": sentences.started_by(entry)}


def _nodes(before: Json, after: Json) -> Iterator[str]:
    """Actions in the order of the new version, then what went."""
    olds, news = dict(_places(before)), dict(_places(after))
    moved = _moved(olds, news)
    for uid, place in news.items():
        was = olds.get(uid)
        words = {"what": place.called, "where": _where(place, news)}
        if was is None or _form(was.node) != _form(place.node):
            yield _("“%(what)s” was added %(where)s.") % words
            continue
        if uid in moved:
            yield _("“%(what)s” was moved %(where)s.") % words
        yield from _changed(was, place, after)
    for uid, place in olds.items():
        if uid not in news or _form(news[uid].node) != _form(place.node):
            yield _("“%(what)s” was removed.") % {"what": place.called}


def _places(document: Json) -> Iterator[tuple[str, Place]]:
    yield from _list(document, document.get("actions"), ("", ""))


def _list(document: Json, nodes: Any, where: tuple[str, str]) -> Iterator[tuple[str, Place]]:
    before = ""
    for node in objects(nodes):
        uid = str(node.get("uid"))
        yield uid, Place(node, where, before, _called(node))
        for name, children, _path in ways(node):
            yield from _list(document, children, (uid, name))
        before = uid


def _called(node: Json) -> str:
    """What a node is called in a sentence: its name, else what it does without its ways."""
    bare = {key: node[key] for key in ("action", "config") if key in node}
    said = str(node.get("name") or "") or capfirst(sentences.phrase(bare)) or _("Branch")
    # It stands in quotes itself.
    return said.translate({ord("“"): "‘", ord("”"): "’", ord("„"): "‚"})


def _form(node: Json) -> str:
    return next((form for form in ("branch", "split") if form in node), str(node.get("action")))


def _where(place: Place, news: Mapping[str, Place]) -> str:
    if place.after:
        return _("after “%(what)s”") % {"what": news[place.after].called}
    owner, name = place.where
    if owner:
        way = sentences.way(news[owner].node, name, {})
        return _("first under “%(what)s”, %(way)s") % {"what": news[owner].called, "way": way}
    return _("at the beginning")


def _moved(olds: Mapping[str, Place], news: Mapping[str, Place]) -> set[str]:
    """Those that stand in another list, or no longer in the order of those around them."""
    both = [uid for uid in news if uid in olds]
    found = {uid for uid in both if olds[uid].where != news[uid].where}
    for where in {news[uid].where for uid in both}:
        now = [uid for uid in both if news[uid].where == where and uid not in found]
        then = [uid for uid in olds if uid in now]
        kept = SequenceMatcher(None, then, now, autojunk=False).get_matching_blocks()
        stayed = {uid for block in kept for uid in now[block.b : block.b + block.size]}
        found |= set(now) - stayed
    return found


def _changed(was: Place, now: Place, after: Json) -> Iterator[str]:
    """What changed within one node."""
    old, new, called = was.node, now.node, now.called
    if old.get("name", "") != new.get("name", ""):
        words = {"old": old.get("name") or was.called, "new": new.get("name") or now.called}
        yield _("“%(old)s” is now called “%(new)s”.") % words
    kind = registry.actions.get(_form(new))
    yield from changed_settings(mapping(old.get("config")), mapping(new.get("config")), kind, called)
    yield from _asked(old.get("only_if"), new.get("only_if"), after, called)
    if (old.get("off") is True) != (new.get("off") is True):
        told = _("“%(what)s” is switched off.") if new.get("off") is True else _("“%(what)s” is switched on again.")
        yield told % {"what": called}
    if old.get("on_error") != new.get("on_error"):
        goes_on = new.get("on_error") == "continue"
        told = _("After a failure of “%(what)s” the run goes on.") if goes_on else \
            _("After a failure of “%(what)s” the run stops.")  # fmt: skip
        yield told % {"what": called}
    yield from _cases(old, new, after, called)


def _cases(old: Json, new: Json, after: Json, called: str) -> Iterator[str]:
    """Cases of a branch or split that came, went, or ask for something else."""
    form = _form(new)
    olds, news = ({str(c.get("uid")): c for c in objects(node.get(form))} for node in (old, new))
    for uid, case in news.items():
        words = {"what": called, "way": sentences.way(new, uid, after)}
        if uid not in olds:
            yield _("“%(what)s” has a new way: %(way)s.") % words
        elif (olds[uid].get("if"), olds[uid].get("weight")) != (case.get("if"), case.get("weight")):
            words["old"] = sentences.asked(olds[uid].get("if"), after) or str(olds[uid].get("weight"))
            words["new"] = sentences.asked(case.get("if"), after) or str(case.get("weight"))
            yield _("A way of “%(what)s” changed from “%(old)s” to “%(new)s”.") % words
    for uid in olds:
        if uid not in news:
            yield _("“%(what)s” lost the way: %(way)s.") % {"what": called, "way": sentences.way(old, uid, after)}


def _asked(old: Any, new: Any, document: Json, called: str) -> Iterator[str]:
    if (old or None) == (new or None):
        return
    words = {"what": called, "old": sentences.asked(old, document), "new": sentences.asked(new, document)}
    if not old:
        yield _("“%(what)s” counts only if %(new)s.") % words
    elif not new:
        yield _("“%(what)s” asks for nothing more; before: %(old)s.") % words
    else:
        yield _("The conditions of “%(what)s” changed from “%(old)s” to “%(new)s”.") % words
