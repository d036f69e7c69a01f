"""Condition trees as JSON: checking what staff and integrations saved and compiling it.

A tree is `{"all": [tree, …]}`, `{"any": [tree, …]}`, `{"not": tree}` or `{"field", "op", "value"}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from triggers.conditions.comparisons import TESTS
from triggers.conditions.fields import Field, Lookup, operators
from triggers.conditions.nodes import Group, Leaf, Node, Not
from triggers.conditions.operands import MAX_NAME, WrongOperand, coerce, is_storable
from triggers.conditions.values import reader

__all__ = ["InvalidTree", "Lookup", "Node", "Problem", "check", "compile_tree", "fields_of"]

MAX_DEPTH = 4
MAX_LEAVES = 50
GROUPS = ("all", "any", "not")
LEAF = ("field", "op", "value")

Path = tuple[str | int, ...]

ALWAYS = Group("all", ())


@dataclass(frozen=True)
class Problem:
    """What is wrong with a tree, and where: a path of keys and positions from its root."""

    path: Path
    message: str


class InvalidTree(ValueError):
    """A tree that does not check, for instance because its field has been removed since it was saved."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, p.path))}: {p.message}" for p in problems))
        self.problems = problems


def check(tree: object, lookup: Lookup) -> list[Problem]:
    """Everything wrong with a tree, in reading order; an empty list when it may be saved.

    Takes any JSON and never raises. None is the absent condition and always right.
    """
    reading = _Reading(lookup)
    if tree is not None:
        reading.node(tree, (), 0)
    return reading.problems


def compile_tree(tree: object, lookup: Lookup) -> Node:
    """The tree, ready to judge; None compiles to a node that always holds. Raises InvalidTree."""
    if tree is None:
        return ALWAYS
    reading = _Reading(lookup)
    node = reading.node(tree, (), 0)
    if node is None or reading.problems:
        raise InvalidTree(reading.problems)
    return node


class _Wrong(Exception):
    """What stops the reading of one node; its siblings are still read."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(path, message)


class _Reading:
    """One walk over a tree that checks and compiles at the same time, so that the two cannot differ."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.problems: list[Problem] = []
        self.leaves = 0

    def node(self, tree: object, path: Path, depth: int) -> Node | None:
        try:
            return self.group_or_leaf(tree, path, depth)
        except _Wrong as wrong:
            self.problems.append(wrong.problem)
            return None

    def group_or_leaf(self, tree: object, path: Path, depth: int) -> Node | None:
        if not isinstance(tree, dict):
            raise _Wrong(path, _("Enter a condition or a group of conditions."))
        named = [key for key in GROUPS if key in tree]
        if not named:
            return self.leaf(tree, path)
        if len(tree) > 1:
            raise _Wrong(path, _('Use one of "all", "any" and "not" per group, and no other key.'))
        if depth == MAX_DEPTH:
            raise _Wrong(path, _("Nest groups at most %(count)s deep.") % {"count": MAX_DEPTH})
        inner, below = tree[named[0]], (*path, named[0])
        if named == ["not"]:
            child = self.node(inner, below, depth + 1)
            return Not(child) if child else None
        return Group("all" if named == ["all"] else "any", self.children(inner, below, depth + 1))

    def children(self, inner: object, path: Path, depth: int) -> tuple[Node, ...]:
        if not isinstance(inner, list) or not inner:
            raise _Wrong(path, _("Add at least one condition to the group."))
        nodes = []
        for position, item in enumerate(inner):
            # What follows the limit is not read: a hostile tree costs no more than a long one.
            if self.leaves > MAX_LEAVES or len(self.problems) > MAX_LEAVES:
                break
            nodes.append(self.node(item, (*path, position), depth))
        return tuple(node for node in nodes if node is not None)

    def leaf(self, tree: dict[Any, Any], path: Path) -> Leaf:
        self.leaves += 1
        if self.leaves > MAX_LEAVES:
            raise _Wrong((), _("Use at most %(count)s conditions.") % {"count": MAX_LEAVES})
        stray = [key for key in tree if key not in LEAF]
        if stray:
            known = _("A condition has field, op and value; a group has all, any or not.")
            raise _Wrong(path, known + _suggestion(stray[0], (*GROUPS, *LEAF)))
        name = tree.get("field")
        field = self.field(name, (*path, "field"))
        return self.comparison(str(name), field, tree, path)

    def field(self, name: object, path: Path) -> Field:
        if not isinstance(name, str) or not name:
            raise _Wrong(path, _("Choose a field."))
        field = self.lookup(name) if len(name) <= MAX_NAME and is_storable(name) else None
        if field is None:
            unknown = _('There is no field "%(name)s".') % {"name": name[:MAX_NAME]}
            raise _Wrong(path, unknown + _suggestion(name, _names(self.lookup)))
        return field

    def comparison(self, name: str, field: Field, tree: dict[Any, Any], path: Path) -> Leaf:
        op, value = tree.get("op"), tree.get("value")
        keys = [operator.key for operator in operators(field)]
        if not isinstance(op, str) or op not in keys:
            fitting = _("Choose a comparison that fits %(field)s: %(keys)s.")
            message = fitting % {"field": field.label, "keys": ", ".join(keys)}
            raise _Wrong((*path, "op"), message + _suggestion(op, keys))
        try:
            operand = coerce(field, op, value)
        except WrongOperand as wrong:
            raise _Wrong((*path, "value", *wrong.path), wrong.message) from None
        return Leaf(name, field, op, value, operand, reader(field, op), TESTS[op])


def _suggestion(name: object, known: Iterable[str]) -> str:
    if not isinstance(name, str) or len(name) > MAX_NAME:
        return ""
    near = get_close_matches(name, list(known))
    return " " + _("Did you mean %s?") % ", ".join(near) if near else ""


def _names(lookup: Lookup) -> Iterable[str]:
    owner = getattr(lookup, "__self__", lookup)
    return owner if isinstance(owner, Mapping) else ()


def leaves_of(tree: Any) -> Iterable[dict[str, Any]]:
    """The leaves of a checked tree, in reading order."""
    if tree is None:
        return
    if "not" in tree:
        yield from leaves_of(tree["not"])
    elif "all" in tree or "any" in tree:
        for child in tree.get("all") or tree["any"]:
            yield from leaves_of(child)
    else:
        yield tree


def fields_of(tree: Any) -> set[str]:
    """The dotted names a checked tree asks about: what has to be loaded before it is judged."""
    return {leaf["field"] for leaf in leaves_of(tree)}
