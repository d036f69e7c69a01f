"""A workflow in one sentence: what starts it, and what it does then.

Reads any JSON, also a draft that is wrong or half written: what cannot be said is left out, nothing raises.
Within a sentence each phrase carries the name of what it is about, so that a page can link it (`parts`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.dates import WEEKDAYS
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from pydantic import ValidationError

from triggers import registry
from triggers.actions.wait_duration import span_in_words
from triggers.conditions.fields import Lookup
from triggers.conditions.sentence import describe
from triggers.event_types import Options
from triggers.run_context import run_lookup
from triggers.wording import words
from triggers.workflows.document import Document, Entry, Settings, objects, on, ways

# Longer workflows end in "and so on"; their page shows all of it.
PHRASES: Final = 12
WORDS: Final = 60
FIELD: Final = re.compile(r"\{\{[^{}]{0,300}\}\}|\{%[^{}]{0,300}%\}")
UNITS: Final = ("weeks", "days", "hours", "minutes", "seconds")
# Around a phrase while the sentence is put together: start, end of its name, end. No text of a person holds them.
_START, _NAMED, _END = "\ue000", "\ue001", "\ue002"
_MARKED: Final = re.compile(f"{_START}([^{_NAMED}]*){_NAMED}([^{_START}{_END}]*){_END}")
_STRAY: Final = re.compile(f"[{_START}{_NAMED}{_END}]")


def sentence(document: Any) -> str:
    """Such as: When tag added (VIP) and country is Germany: send an e-mail “Welcome”, wait 2 days."""
    return "".join(text for text, _name in parts(document))


def parts(document: Any) -> list[tuple[str, str]]:
    """The sentence in pieces: text, and the uid of what it is about; empty between. Conditions have `uid?`."""
    said, found, end = _sentence(document), [], 0
    for match in _MARKED.finditer(said):
        found += [(said[end : match.start()], ""), (match[2], match[1])]
        end = match.end()
    return [(_STRAY.sub("", text), name) for text, name in [*found, (said[end:], "")] if text]


def heading(item: Mapping[str, Any]) -> str:
    """An entry, an action, a branch or a split by itself."""
    if "event" in item:
        return words.event_label(str(item["event"])) or _("Event")
    form = next((form for form in ("branch", "split") if form in item), "")
    config = item["config"] if isinstance(item.get("config"), Mapping) else {}
    key, name = form or str(item.get("action") or ""), str(item.get("name") or "")
    if not name and key.startswith(("wait.", "goal")):
        return capfirst(_action(key, config, ""))
    return title(key, config, name) or _("New action")


def _plain(said: str) -> str:
    """Without the marks."""
    return _STRAY.sub("", _MARKED.sub(lambda match: match[2], said))


def _marked(name: Any, text: str) -> str:
    """The phrase with its name on it."""
    plain = _STRAY.sub("", text)
    return f"{_START}{_STRAY.sub('', str(name))}{_NAMED}{plain}{_END}" if name and plain else plain


def _sentence(document: Any) -> str:
    source = document if isinstance(document, Mapping) else {}
    find = _lookup(source)
    when = _(" or ").join(_entry(entry, find) for entry in objects(source.get("triggers")))
    then = _steps(source.get("actions"), find)
    if when and then:
        return _("When %(when)s: %(then)s") % {"when": when, "then": then}
    if when:
        return _("When %(when)s: nothing yet") % {"when": when}
    return _("Nothing starts it yet: %(then)s") % {"then": then} if then else _("Empty")


def phrase(node: Any, document: Any = None) -> str:
    """One action of a document in a few words, with what its branches do."""
    source = document if isinstance(document, Mapping) else {}
    return _plain(_phrase(node, _lookup(source))) if isinstance(node, Mapping) else ""


def asked(tree: Any, document: Any) -> str:
    """A condition tree of a document in words; empty where there is none."""
    return _plain(_conditions(tree, _lookup(document if isinstance(document, Mapping) else {})))


def started_by(entry: Mapping[str, Any]) -> str:
    """What a trigger or an exit waits for, without its conditions: tag added (VIP)."""
    return _plain(_entry({**entry, "conditions": None}, lambda _name: None))


def way(node: Mapping[str, Any], name: str, document: Any) -> str:
    """A way out of a node, by its name in the document: if country is Germany, otherwise, if not."""
    return _plain(_way(node, name, _lookup(document if isinstance(document, Mapping) else {})))


def title(action: str, config: Mapping[str, Any], name: str = "") -> str:
    """An action by itself, as a heading: Send an e-mail “Welcome”. Takes keys whose code is gone."""
    about = name or _about(action, config)
    label = words.action_label(action)
    return f"{label} {words.quoted(about)}" if about else label


def _lookup(document: Mapping[str, Any]) -> Lookup:
    entries = [
        Entry("", entry["event"], {}, None)
        for entry in objects(document.get("triggers"))
        if isinstance(entry.get("event"), str)
    ]
    return run_lookup(Document(tuple(entries), (), (), Settings()))


def _entry(entry: Mapping[str, Any], find: Lookup) -> str:
    key = str(entry.get("event") or "")
    said = words.within(words.event_label(key)) if key else _("something happens")
    chosen = _chosen(key, entry.get("config"))
    if chosen:
        said = _("%(event)s (%(chosen)s)") % {"event": said, "chosen": chosen}
    said = _marked(entry.get("uid"), said)
    conditions = _asked(entry, find)
    return _("%(event)s and %(conditions)s") % {"event": said, "conditions": conditions} if conditions else said


def _steps(nodes: Any, find: Lookup) -> str:
    said = [text for node in on(objects(nodes)) if (text := _phrase(node, find))]
    shown = said[:PHRASES]
    if len(said) > PHRASES:
        shown.append(_("and so on"))
    return ", ".join(shown)


def _phrase(node: Mapping[str, Any], find: Lookup) -> str:
    if "branch" in node or "split" in node:
        return "; ".join(_ways(node, find))
    key, config = str(node.get("action") or ""), node.get("config")
    said = _marked(
        node.get("uid"), _action(key, config if isinstance(config, Mapping) else {}, str(node.get("name") or ""))
    )
    only_if = _conditions(node.get("only_if"), find)
    if only_if:
        said = _("%(action)s (only if %(conditions)s)") % {"action": said, "conditions": only_if}
    return "; ".join([said, *_ways(node, find)])


def _action(key: str, config: Mapping[str, Any], name: str) -> str:
    if key in ("wait.duration", "wait.for_event"):
        span = _span(config) or "…"
        if key == "wait.duration":
            return _("wait %(span)s") % {"span": span}
        event = words.event_label(str(config.get("event") or ""))
        return _("wait %(span)s for “%(event)s”") % {"span": span, "event": event}
    if key == "wait.until":
        return _("wait until %(moment)s") % {"moment": " ".join(_moment(config)) or "…"}
    if key == "goal":
        return _("goal “%(event)s”") % {"event": words.event_label(str(config.get("event") or ""))}
    return words.within(title(key, config, name)) if key else ""


def _ways(node: Mapping[str, Any], find: Lookup) -> Iterator[str]:
    """What stands behind each way out of the node, where anything does."""
    for name, nodes, _path in ways(node):
        steps = _steps(nodes, find)
        if steps:
            yield _("%(way)s: %(steps)s") % {"way": _way(node, name, find), "steps": steps}


def _way(node: Mapping[str, Any], name: str, find: Lookup) -> str:
    known = {"else": _("otherwise"), "happened": _("if it happens"), "timeout": _("if not")}
    case = next((case for case in objects(node.get("branch")) if case.get("uid") == name), None)
    if case is not None:
        return _("if %(case)s") % {
            "case": _STRAY.sub("", str(case.get("name") or "")) or _conditions(case.get("if"), find)
        }
    named = next((str(case.get("name") or "") for case in objects(node.get("split")) if case.get("uid") == name), "")
    return named or known.get(name, name)


def _asked(entry: Mapping[str, Any], find: Lookup) -> str:
    said = _conditions(entry.get("conditions"), find)
    return _marked(f"{entry['uid']}?", said) if said and entry.get("uid") else said


def _conditions(tree: Any, find: Lookup) -> str:
    if not tree:
        return ""
    try:
        return _STRAY.sub("", describe(tree, find))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return _("conditions that are not complete")


def _about(key: str, config: Mapping[str, Any]) -> str:
    """What tells this action from another of its type: the first of its texts, without merge fields."""
    kind = registry.actions.get(key)
    for name in (*(kind.texts if kind else ()), "workflow"):
        found = ", ".join(_texts(config.get(name)))
        if found:
            return found
    return ""


def _texts(value: Any) -> list[str]:
    """The texts within a setting, short and in one line; what is looked up by number says nothing."""
    if isinstance(value, str):
        text = " ".join(FIELD.sub("…", value).split()).strip("… ,;:")
        return [Truncator(text).chars(WORDS)] if text else []
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)][:5]
    return [text for item in value for text in _texts(item)][:5] if isinstance(value, list) else []


def _chosen(key: str, config: Any) -> str:
    """A trigger's options in the words of its type; of a type without words, and of wrong options, their texts."""
    kind = registry.events.get(key)
    if kind is not None and kind.Options.in_words is not Options.in_words:
        try:
            return kind.Options.model_validate(config or {}).in_words()
        except ValidationError:
            pass
    return ", ".join(_texts(config))


def _span(config: Mapping[str, Any]) -> str:
    given = {unit: config.get(unit) for unit in UNITS}
    whole = {unit: n for unit, n in given.items() if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 10**6}
    return span_in_words(timedelta(**whole))


def _moment(config: Mapping[str, Any]) -> Iterable[str]:
    if isinstance(config.get("field"), str):
        yield config["field"].rpartition(".")[2].replace("_", " ")
    if isinstance(config.get("date"), str):
        yield config["date"]
    days = config.get("weekdays")
    names = [str(WEEKDAYS[day - 1]) for day in days if day in range(1, 8)] if isinstance(days, list) else []
    if names:
        yield ", ".join(names)
    if isinstance(config.get("at"), str):
        yield config["at"]
