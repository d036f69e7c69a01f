"""A verdict in words: the sentence that says why not, and rows for a page, each condition with what it saw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from triggers.conditions.fields import Kind, Lookup
from triggers.conditions.judge import Verdict
from triggers.conditions.sentence import describe
from triggers.wording.telling import value_in_words


@dataclass(frozen=True)
class Row:
    """One node of the tree: whether it holds, and the value it saw; `now` where that is another by now.

    `decided` marks the condition that kept the whole from holding.
    """

    depth: int
    passed: bool
    text: str
    label: str = ""
    seen: str = ""
    now: str = ""
    is_group: bool = False
    decided: bool = False


def why_not(verdict: Verdict, find: Lookup) -> str:
    """The condition that decided and the value it saw, in one sentence."""
    leaf = verdict.first_failure() or verdict
    if leaf.field is None:
        return _("Its conditions did not hold.")
    field, stored = find(leaf.field), leaf.as_json()
    told = {
        "label": capfirst(str(field.label)) if field else leaf.field,
        "actual": _seen(leaf.actual, find, leaf.field), "asked": _described(_tree_of(stored), find),
    }  # fmt: skip
    if leaf.passed:
        return _("%(label)s was %(actual)s, and the workflow asks for the opposite of: %(asked)s.") % told
    return _("%(label)s was %(actual)s, and the workflow asks for: %(asked)s.") % told


def rows(verdict: Mapping[str, Any] | None, find: Lookup) -> list[Row]:
    """The tree from the top down; empty where there were no conditions."""
    told = telling(verdict, find)
    return list(_rows(told, find, 0, decided=not told["passed"])) if told else []


def said(verdict: Mapping[str, Any] | None, find: Lookup) -> str:
    """The conditions in one sentence: “tag is VIP and country is Germany”; empty where there were none."""
    told = telling(verdict, find)
    return _described(_tree_of(told), find) if told else ""


def telling(verdict: Mapping[str, Any] | None, find: Lookup) -> dict[str, Any] | None:
    """The verdict without what tells a person nothing; None where nothing is left.

    That an event's number is the number chosen in the trigger is such a thing: which webhook, which form.
    """
    if not verdict:
        return None
    if verdict["kind"] == "leaf":
        field = find(str(verdict["field"]))
        mute = field is not None and field.kind is Kind.REF and str(verdict["field"]).startswith("event.")
        return None if mute and verdict["passed"] else dict(verdict)
    children = [told for child in verdict["children"] if (told := telling(child, find))]
    return flat({**verdict, "children": children}) if children else None


def flat(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """The same verdict without groups in groups of their own kind, and without groups of one."""
    if verdict["kind"] == "leaf":
        return dict(verdict)
    children = [flat(child) for child in verdict["children"]]
    if verdict["kind"] == "not":
        return {**verdict, "children": children}
    spliced: list[dict[str, Any]] = []
    for child in children:
        spliced += child["children"] if child["kind"] == verdict["kind"] else [child]
    return spliced[0] if len(spliced) == 1 else {**verdict, "children": spliced}


def as_then(verdict: Mapping[str, Any], name: str, expected: str, actual: str) -> dict[str, Any]:
    """Today's verdict, with the condition on this field put back to what it saw when it failed."""
    if verdict["kind"] == "leaf":
        if verdict["field"] != name or str(verdict["expected"]) != expected:
            return dict(verdict)
        return {**verdict, "passed": False, "actual": actual or None, "now": verdict.get("actual")}
    children = [as_then(child, name, expected, actual) for child in verdict["children"]]
    held = [child["passed"] for child in children]
    passed = {"all": all(held), "any": any(held), "not": not held[0]} if held else {verdict["kind"]: True}
    return {**verdict, "children": children, "passed": passed[verdict["kind"]]}


def _rows(verdict: Mapping[str, Any], find: Lookup, depth: int, decided: bool) -> Iterator[Row]:
    passed = bool(verdict["passed"])
    if verdict["kind"] == "leaf":
        name = str(verdict["field"])
        field, seen = find(name), _seen(verdict.get("actual"), find, name)
        now = _seen(verdict["now"], find, name) if "now" in verdict else ""
        text = capfirst(_described(_tree_of(verdict), find))
        label = str(field.label) if field else name
        yield Row(depth, passed, text, label, seen, "" if now == seen else now, decided=decided)
        return
    headings = {"all": _("All of these are true"), "any": _("At least one of these is true"), "not": _("Not true:")}
    yield Row(depth, passed, headings[verdict["kind"]], is_group=True)
    for child in verdict["children"]:
        to_blame = decided and (verdict["kind"] == "not" or bool(child["passed"]) == passed)
        yield from _rows(child, find, depth + 1, to_blame)


def _tree_of(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """The condition tree that the verdict is about; a choice of one is said as “is”."""
    if verdict["kind"] == "leaf":
        op, value = verdict["op"], verdict["expected"]
        if op == "is_any_of" and isinstance(value, list) and len(value) == 1:
            op, value = "is", value[0]
        return {"field": verdict["field"], "op": op, "value": value}
    children = [_tree_of(child) for child in verdict["children"]]
    return {"not": children[0]} if verdict["kind"] == "not" else {verdict["kind"]: children}


def _seen(actual: Any, find: Lookup, name: str) -> str:
    if isinstance(actual, Mapping) and set(actual) == {"old", "new"}:
        words = {side: value_in_words(actual[side], find(name)) for side in ("old", "new")}
        return _("%(old)s → %(new)s") % words
    return value_in_words(actual, find(name))


def _described(tree: dict[str, Any], find: Lookup) -> str:
    try:
        return describe(tree, find)
    except (IndexError, KeyError, TypeError, ValueError):
        # Stored under operators or shapes that are gone.
        return " ".join(str(tree.get(part, "")) for part in ("field", "op", "value")).strip()
