"""What those who would match have left empty though a message of the draft reads it: “Dear ,”."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.text import Truncator

from triggers import registry
from triggers.conditions.tree import InvalidTree
from triggers.explaining import crowd
from triggers.explaining.matching_now import asked_of_contacts
from triggers.problems import Path
from triggers.text.checking import bare_fields
from triggers.workflows.cycles import nodes

# Fields that are counted while a person waits, and the contacts that are looked at one by one.
FIELDS: Final = 6
MOST: Final = 2000
LONG: Final = 40


@dataclass(frozen=True)
class Gap:
    """A field that at least `number` of those who match have left empty, and where a text reads it.

    `reads` is what they would read there, on one line.
    """

    path: Path
    field: str
    label: str
    number: int
    reads: str


def gaps(document: Mapping[str, Any], now: datetime) -> list[Gap]:
    """By field, at the first text that reads it without a fallback. The triggers are to be checked."""
    asked = asked_of_contacts(document)
    if asked is None or asked.nobody:
        return []
    found = []
    for name, (path, text) in list(_read(document).items())[:FIELDS]:
        empty = {"field": name, "op": "is_not_set"}
        try:
            number = crowd.look({"all": [*([asked.tree] if asked.tree else []), empty]}, now, MOST, 0).number
        except InvalidTree:
            continue
        if number:
            field = crowd.lookup(name)
            found.append(Gap(path, name, str(field.label) if field else name, number, _without(name, text)))
    return found


def _without(name: str, text: str) -> str:
    """The line that names the field, without it; what else it names is left open."""
    own = re.compile(r"\{\{-?\s*" + re.escape(name) + r"\b[^}]*\}\}")
    line = next((line for line in text.splitlines() if own.search(line)), "")
    return Truncator(re.sub(r"\{\{[^}]*\}\}", "…", own.sub("", line)).strip()).chars(LONG)


def _read(document: Mapping[str, Any]) -> dict[str, tuple[Path, str]]:
    """The contact's own fields that messages read as they are, each with the first text that does and its place."""
    found: dict[str, tuple[Path, str]] = {}
    for _node, _name, text, path in texts(document):
        for name in sorted(bare_fields(text)):
            field = crowd.lookup(name)
            if field is not None and field.column:
                found.setdefault(name, (path, text))
    return found


def texts(document: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str, str, Path]]:
    """The texts of the actions that write to a person: the action, the setting, the text and its place."""
    for node, path in nodes(document.get("actions"), ("actions",)):
        kind, config = registry.actions.get(str(node.get("action"))), node.get("config")
        if kind is None or not kind.sends or not isinstance(config, Mapping):
            continue
        for name in kind.texts:
            if isinstance(text := config.get(name), str):
                yield node, name, text, (*path, "config", name)
