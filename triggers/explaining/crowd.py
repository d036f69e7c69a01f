"""The contacts that a condition tree accepts: sieved by the database, judged in Python."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db.models import Q

from triggers import registry
from triggers.conditions import tree as conditions
from triggers.conditions.fields import Field
from triggers.conditions.judge import passes
from triggers.conditions.sieve import sieve
from triggers.models.organisation import Organisation

CHUNK: Final = 500
Tree = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """How many there are, and the ids of the first; at least so many where not all could be looked at."""

    number: int
    first: list[int]
    is_least: bool = False


def members(tree: Tree | None, now: datetime, after: int = 0) -> Iterator[int]:
    """The ids of the contacts whose facts the tree accepts, in order, from beyond `after`. Raises InvalidTree."""
    for found in _judged(tree, now, after):
        yield from found


def look(tree: Tree | None, now: datetime, most: int, first: int) -> Look:
    """Counts them; where the database alone cannot tell, of the first `most` that it lets through. Raises InvalidTree."""
    rough, exact = _sieved(tree, now)
    source = registry.facts["contact"]
    if exact:
        return Look(source.count(rough), source.ids(rough, 0, first))
    portions = list(islice(_judged(tree, now, 0), most // CHUNK + 1))
    found = [key for portion in portions[: most // CHUNK] for key in portion]
    return Look(len(found), found[:first], is_least=len(portions) > most // CHUNK)


def _judged(tree: Tree | None, now: datetime, after: int) -> Iterator[list[int]]:
    """Portion by portion of what the sieve lets through, those that hold."""
    source, zone = registry.facts["contact"], Organisation.get().zone
    node = conditions.compile_tree(tree, lookup)
    rough, _exact = _sieved(tree, now)
    while ids := source.ids(rough, after, CHUNK):
        loaded = source.load(ids)
        facts = {key: {f"contact.{name}": value for name, value in loaded[key].items()} for key in ids if key in loaded}
        yield [key for key in ids if key in facts and passes(node, facts[key], now, zone)]
        after = ids[-1]


def _sieved(tree: Tree | None, now: datetime) -> tuple[Q, bool]:
    """The sieve, narrowed by the sets that every member has to hold something of; and whether it is exact."""
    rough, exact = sieve(tree, lookup, now, Organisation.get().zone, "contact")
    for leaf in _needed(tree):
        if leaf["op"] == "has_any":
            held = registry.facts["contact"].holding(leaf["field"].removeprefix("contact."), leaf["value"])
            rough = rough if held is None else rough & held
    return rough, exact


def _needed(tree: Tree | None) -> Iterator[Tree]:
    """The comparisons without which the tree does not hold."""
    if tree is not None and "field" in tree:
        yield tree
    for child in (tree or {}).get("all", ()):
        yield from _needed(child)


def lookup(name: str) -> Field | None:
    """The fields that conditions on contacts may name."""
    namespace, _dot, rest = name.partition(".")
    return registry.facts["contact"].field(rest) if namespace == "contact" else None
