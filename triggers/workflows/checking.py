"""What is wrong with a workflow document, every problem at its field. Publishing refuses errors.

`check` never raises, whatever JSON it is given.
"""

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Final

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from pydantic import ValidationError

from triggers import references, registry, text
from triggers.conditions import tree as conditions
from triggers.conditions.fields import Field, Kind, Lookup
from triggers.evidence import lookup
from triggers.problems import Path, Problem, from_pydantic
from triggers.workflows import cycles
from triggers.workflows.document import Settings, outlets

MAX_NODES: Final = 200
MAX_DEPTH: Final = 8
MAX_BYTES: Final = 200_000
UID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
ENTRY_KEYS: Final = {"uid", "event", "config", "conditions"}
NODE_KEYS: Final = {
    "uid",
    "action",
    "config",
    "only_if",
    "on_error",
    "off",
    "name",
    "outcomes",
    "branch",
    "else",
    "split",
}


def check(document: Any, *, slug: str = "") -> list[Problem]:
    """Errors and warnings of a document; `slug` is its workflow's, to find starts that go in a circle."""
    if not isinstance(document, dict):
        return [Problem((), _("A workflow is an object with triggers, exits, actions and settings."))]
    if _too_large(document):
        return [Problem((), _("The workflow is too large; split it and start one workflow from the other."))]
    return list(_Check(references.numbered(document), slug).run())


@dataclass
class _Check:
    """One check; remembers the uids and event types seen on the way, and what actions brought into the run."""

    document: dict[str, Any]
    slug: str
    uids: set[str] = field(default_factory=set)
    kinds: list[Any] = field(default_factory=list)
    adopted: set[str] = field(default_factory=set)
    nodes: int = 0

    def run(self) -> Iterator[Problem]:
        yield from _unknown_keys(self.document, {"triggers", "exits", "actions", "settings"}, ())
        for part in ("triggers", "exits"):
            yield from self._entries(part)
        if not self.document.get("triggers"):
            yield Problem(("triggers",), _("Choose at least one event that starts the workflow."))
        yield from self._settings()
        actions = self.document.get("actions", [])
        if not actions:
            yield Problem(("actions",), _("Add at least one action."))
        yield from self._list(actions, ("actions",), 1)
        yield from cycles.warnings(self.document, self.slug)

    def _entries(self, part: str) -> Iterator[Problem]:
        entries = self.document.get(part, [])
        if not isinstance(entries, list):
            yield Problem((part,), _("This is a list."))
            return
        for index, entry in enumerate(entries):
            yield from self._entry(entry, (part, index), starts=part == "triggers")

    def _entry(self, entry: Any, path: Path, *, starts: bool) -> Iterator[Problem]:
        if not isinstance(entry, dict):
            yield Problem(path, _("This is an object with an event."))
            return
        yield from _unknown_keys(entry, ENTRY_KEYS, path)
        yield from self._uid(entry, path)
        kind = yield from _known(entry.get("event"), registry.events, (*path, "event"), _("event"))
        if kind is None:
            return
        if starts:
            self.kinds.append(kind)
        yield from _config(kind.Options, entry.get("config", {}), (*path, "config"))
        yield from _tree(entry.get("conditions"), lookup(kind), (*path, "conditions"))

    def _settings(self) -> Iterator[Problem]:
        try:
            Settings.model_validate(self.document.get("settings", {}))
        except ValidationError as error:
            yield from (problem.under("settings") for problem in from_pydantic(error))
        except DjangoValidationError as error:
            yield Problem(("settings", "timezone"), error.messages[0])

    def _list(self, nodes: Any, path: Path, depth: int) -> Iterator[Problem]:
        if not isinstance(nodes, list):
            yield Problem(path, _("This is a list of actions."))
        elif depth > MAX_DEPTH:
            yield Problem(path, _("Branches nest at most %(n)d deep.") % {"n": MAX_DEPTH})
        else:
            for index, node in enumerate(nodes):
                yield from self._node(node, (*path, index), depth)

    def _node(self, node: Any, path: Path, depth: int) -> Iterator[Problem]:
        if not isinstance(node, dict):
            yield Problem(path, _("This is an object with an action, a branch or a split."))
            return
        self.nodes += 1
        if self.nodes == MAX_NODES + 1:
            yield Problem(path, _("A workflow has at most %(n)d actions.") % {"n": MAX_NODES})
        yield from _unknown_keys(node, NODE_KEYS, path)
        yield from self._uid(node, path)
        if node.get("off") is not True:
            yield from self._working(node, path, depth)
            return
        # Nobody runs it: what is wrong with it stops nothing, as long as its names are its own.
        for problem in self._working(node, path, depth):
            yield problem if problem.path[-1:] == ("uid",) else replace(problem, warning=True)

    def _working(self, node: dict[str, Any], path: Path, depth: int) -> Iterator[Problem]:
        """What stands between an action and its work."""
        if not isinstance(node.get("off", False), bool):
            yield Problem((*path, "off"), _("Say true or false."))
        if node.get("on_error") not in (None, "stop", "continue"):
            yield Problem((*path, "on_error"), _("Choose stop or continue."))
        yield from _tree(node.get("only_if"), self._within_run, (*path, "only_if"))
        forms = [form for form in ("action", "branch", "split") if form in node]
        if len(forms) != 1:
            yield Problem(path, _("Say either action, branch or split."))
            return
        yield from (self._action(node, path) if forms == ["action"] else self._cases(node, forms[0], path))
        yield from self._below(node, path, depth)

    def _action(self, node: dict[str, Any], path: Path) -> Iterator[Problem]:
        kind = yield from _known(node["action"], registry.actions, (*path, "action"), _("action"))
        if kind is None:
            return
        config = node.get("config", {})
        found = list(_config(kind, config, (*path, "config")))
        yield from found
        if not found:
            action = kind.model_validate(config)
            yield from (p.under(*path, "config") for p in action.problems(node.get("uid", "")))
            for name in kind.texts:
                yield from self._texts(getattr(action, name), (*path, "config", name))
            if "conditions" in kind.model_fields and config.get("event") in registry.events:
                of_event = lookup(registry.events[config["event"]])
                yield from _tree(config.get("conditions"), of_event, (*path, "config", "conditions"))
        self.adopted.update(kind.adopts)
        extra = set(node.get("outcomes") or {}) - set(kind.outcomes)
        for name in sorted(map(str, extra)):
            ways = ", ".join(kind.outcomes) or _("nothing to choose")
            message = _("This action does not end that way; it ends with: %(names)s.") % {"names": ways}
            yield Problem((*path, "outcomes", name), message)

    def _cases(self, node: dict[str, Any], form: str, path: Path) -> Iterator[Problem]:
        cases = node[form]
        if not isinstance(cases, list) or not cases:
            yield Problem((*path, form), _("Add at least one case."))
            return
        for index, case in enumerate(cases):
            here = (*path, form, index)
            if not isinstance(case, dict):
                yield Problem(here, _("This is an object with uid and then."))
                continue
            allowed = {"uid", "name", "then", "if" if form == "branch" else "weight"}
            yield from _unknown_keys(case, allowed, here)
            yield from self._uid(case, here)
            if form == "branch":
                yield from self._condition_of(case, here)
            elif not _is_weight(case.get("weight")):
                yield Problem((*here, "weight"), _("Enter a whole number from 1 to 1000."))

    def _condition_of(self, case: dict[str, Any], path: Path) -> Iterator[Problem]:
        if case.get("if") is None:
            yield Problem((*path, "if"), _("Say when this case applies, or put its actions under otherwise."))
        yield from _tree(case.get("if"), self._within_run, (*path, "if"))

    def _below(self, node: dict[str, Any], path: Path, depth: int) -> Iterator[Problem]:
        if not _readable(node):
            return
        for _name, children, under in outlets(node):
            yield from self._list(children, (*path, *under), depth + 1)

    def _texts(self, value: Any, path: Path) -> Iterator[Problem]:
        """Checks every text of a field that may hold merge fields, nested or not."""
        if isinstance(value, str):
            for found in text.check(value, lambda name: self._within_run(name) is not None):
                yield Problem(path, found.message)
        elif isinstance(value, dict):
            for key, child in value.items():
                yield from self._texts(child, (*path, key))
        elif isinstance(value, list | tuple):
            for index, child in enumerate(value):
                yield from self._texts(child, (*path, index))

    def _within_run(self, name: str) -> Field | None:
        namespace, _dot, rest = name.partition(".")
        if namespace in ("vars", "actions") and rest:
            return Field(Kind.ANY, rest)
        if name in ("organisation.name", "organisation.postal_address", "run.id"):
            return Field(Kind.TEXT, name)
        source = registry.facts.get(namespace)
        if source is not None and (source.of or namespace) in ("contact", *self.adopted):
            return source.field(rest)
        return lookup(*self.kinds)(name)

    def _uid(self, item: dict[str, Any], path: Path) -> Iterator[Problem]:
        uid = item.get("uid")
        if not isinstance(uid, str) or not UID.fullmatch(uid) or uid == "else":
            yield Problem((*path, "uid"), _("Give it a short name of letters, digits, - and _, for example a1."))
        elif uid in self.uids:
            yield Problem((*path, "uid"), _("“%(uid)s” is used twice; each needs its own.") % {"uid": uid})
        else:
            self.uids.add(uid)


def _known(key: Any, kinds: dict[str, Any], path: Path, what: str) -> Generator[Problem, None, Any]:
    """The kind of this key as the generator's return value; a problem and None when there is none."""
    if isinstance(key, str) and key in kinds:
        return kinds[key]
    near = get_close_matches(str(key), kinds, n=1)
    if key in (None, ""):
        yield Problem(path, _("Choose an %(what)s.") % {"what": what})
    elif near:
        yield Problem(
            path,
            _("There is no %(what)s “%(key)s”. Is it “%(near)s”?") % {"what": what, "key": key, "near": near[0]},
        )
    else:
        yield Problem(path, _("There is no %(what)s “%(key)s”.") % {"what": what, "key": key})
    return None


def _config(model: Any, config: Any, path: Path) -> Iterator[Problem]:
    missing = list(references.problems(model, config))
    yield from (problem.under(*path) for problem in missing)
    told = {problem.path for problem in missing}
    try:
        model.model_validate(config)
    except ValidationError as error:
        yield from (problem.under(*path) for problem in from_pydantic(error) if problem.path not in told)


def _tree(tree: Any, find: Lookup, path: Path) -> Iterator[Problem]:
    if tree is not None:
        for found in conditions.check(tree, find):
            yield Problem((*path, *found.path), found.message)


def _unknown_keys(item: dict[str, Any], known: set[str], path: Path) -> Iterator[Problem]:
    for key in sorted(set(map(str, item)) - known):
        near = get_close_matches(key, known, n=1)
        hint = _(" Is it “%(near)s”?") % {"near": near[0]} if near else ""
        yield Problem((*path, key), _("There is no “%(key)s” here.") % {"key": key} + hint)


def _readable(node: dict[str, Any]) -> bool:
    """Whether the node's ways out have the shape that `outlets` walks; what is wrong has been told."""
    cases = [case for form in ("branch", "split") for case in (node.get(form) or [])]
    return isinstance(node.get("outcomes", {}), dict) and all(isinstance(case, dict) for case in cases)


def _is_weight(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1000


def _too_large(document: Any) -> bool:
    try:
        return len(json.dumps(document)) > MAX_BYTES
    except (TypeError, ValueError, RecursionError):
        return True
