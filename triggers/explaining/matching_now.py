"""Who would match now: the contacts for whom the conditions of a document hold today, whether it is live or not.

What only an event can say is not asked: it is taken to hold, unless its type knows how it shows on a contact
(`EventType.standing`). The number may therefore be too large, never too small, and `is_rough` says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from triggers import references, registry
from triggers.event_types import EventType
from triggers.explaining import crowd
from triggers.matching.compiled import conditions_of
from triggers.workflows.document import objects

Tree = dict[str, Any]
# Contacts that are looked at one by one while a person waits.
MOST: Final = 2000
NAMED: Final = 50


@dataclass(frozen=True)
class Matching:
    """How many of `total` contacts match, and the first of them by id; `is_least` where not all were looked at."""

    number: int
    total: int
    first: list[int]
    is_least: bool = False
    is_rough: bool = False


@dataclass(frozen=True)
class Asked:
    """What is asked of contacts; `nobody` where no trigger can start for a contact, `is_rough` as told above."""

    tree: Tree | None
    is_rough: bool = False
    nobody: bool = False


def matching_now(document: Any, now: datetime) -> Matching | None:
    """Counts them; None where no trigger is about a contact.

    The triggers are to be checked; raises `InvalidTree` where all of them together are too many conditions to count.
    """
    asked = asked_of_contacts(document)
    if asked is None:
        return None
    total = registry.facts["contact"].count(Q())
    if asked.nobody:
        return Matching(0, total, [])
    found = crowd.look(asked.tree, now, MOST, NAMED)
    return Matching(found.number, total, found.first, found.is_least, asked.is_rough)


def asked_of_contacts(document: Any) -> Asked | None:
    """What any of the triggers asks of a contact by itself; None where none is about a contact."""
    trees = list(_trees(document))
    if not trees:
        return None
    kept = [_kept(tree, True) for tree in trees]
    is_rough = any(_leaves(one) != _leaves(tree) for one, tree in zip(kept, trees, strict=True))
    if any(one is True for one in kept):
        return Asked(None, is_rough)
    found = [one for one in kept if not isinstance(one, bool)]
    if not found:
        return Asked(None, is_rough, nobody=True)
    flat = [child for one in found for child in one.get("any", [one])]
    return Asked(flat[0] if len(flat) == 1 else {"any": flat}, is_rough)


def _trees(document: Any) -> Iterator[Tree]:
    """The whole condition of each trigger that is about a contact, as far as its kind is known."""
    source = references.numbered(document) if isinstance(document, dict) else {}
    for entry in objects(source.get("triggers")):
        kind = registry.events.get(str(entry.get("event")))
        if kind is not None and "contact_id" in kind.model_fields:
            yield _whole(kind, entry.get("config") or {}, entry.get("conditions"))


def _whole(kind: type[EventType], config: Any, conditions: Any) -> Tree:
    standing = kind.standing(kind.Options.model_validate(config))
    if standing is None:
        return conditions_of(kind.key, config, conditions) or {"all": []}
    if not conditions:
        return standing
    return {"all": [standing, *conditions.get("all", [conditions])]}


def _kept(tree: Tree, positive: bool) -> Tree | bool:
    """The tree without what contacts cannot be asked, which counts as holding; under a negation, as not holding."""
    if "field" in tree:
        return dict(tree) if str(tree["field"]).startswith("contact.") else positive
    [(kind, inner)] = tree.items()
    if kind == "not":
        found = _kept(inner, not positive)
        return not found if isinstance(found, bool) else {"not": found}
    kept = [_kept(child, positive) for child in inner]
    deciding = kind == "any"
    if any(child is deciding for child in kept):
        return deciding
    left = [child for child in kept if not isinstance(child, bool)]
    return {kind: left} if left else not deciding


def _leaves(tree: Any) -> int:
    if not isinstance(tree, Mapping):
        return 0
    if "field" in tree:
        return 1
    return sum(_leaves(child) for inner in tree.values() for child in (inner if isinstance(inner, list) else [inner]))
