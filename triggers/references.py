"""Rows that workflow documents name: by number in this database, by key in files that go to another one.

An option says with `Reference` of which model its numbers are; whoever has the model registers how its rows are
keyed. `keyed` writes a document for a file, `numbered` reads one; what either does not know stays as it was, and
`problems` tells it at its place.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, get_args

from django.apps import apps
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from triggers import registry
from triggers.problems import Path, Problem
from triggers.workflows.cycles import dicts, nodes

Json = dict[str, Any]
KEY: Final = r"[a-z_][a-z0-9_]*"


@dataclass(frozen=True)
class Reference:
    """Metadata of an option whose number, or numbers, are those of rows of a model.

    `or_name`: text that is no key is a name, which the option's owner looks up by itself.
    """

    model: str
    or_name: bool = False

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Callable[[Any], Json]) -> Json:
        return {**handler(core_schema), "x-reference": self.model}


@dataclass(frozen=True)
class Keys:
    """How the rows of a model are keyed. `missing` has places for `key`.

    `prefix`: where the number stands in the name of a field, such as `journey.steps.`; its keys have `depth` parts.
    """

    keys: Callable[[Collection[int]], Mapping[int, str]]
    numbers: Callable[[Collection[str]], Mapping[str, int]]
    missing: Any
    prefix: str = ""
    depth: int = 1


def by_key(label: str, missing: Any) -> Keys:
    """For rows that have a column `key` of their own."""
    return Keys(partial(_keys, label), partial(_numbers, label), missing)


def _keys(label: str, numbers: Collection[int]) -> dict[int, str]:
    return dict(apps.get_model(label)._base_manager.filter(pk__in=numbers).values_list("pk", "key"))


def _numbers(label: str, keys: Collection[str]) -> dict[str, int]:
    return dict(apps.get_model(label)._base_manager.filter(key__in=keys).values_list("key", "pk"))


# by model label, such as pipelines.stage; each app fills in its own in `ready`
sources: Final[dict[str, Keys]] = {}


@dataclass(frozen=True)
class Place:
    """Where a document names a row."""

    holder: Any
    at: str | int
    reference: Reference
    path: Path

    @property
    def value(self) -> Any:
        return self.holder[self.at]


def keyed(document: Json) -> Json:
    """A copy that names rows by their keys."""
    return _rewritten(document, int, lambda source, values: source.keys(values))


def numbered(document: Json) -> Json:
    """A copy that names rows by the numbers they have here."""
    return _rewritten(document, str, lambda source, values: source.numbers(values))


def problems(model: type[BaseModel], config: Any) -> Iterator[Problem]:
    """The rows that a config names and that are not there."""
    by_model: dict[str, list[Place]] = defaultdict(list)
    for place in _places(model, config, ()):
        if not (place.reference.or_name and isinstance(place.value, str)):
            by_model[place.reference.model].append(place)
    for label, places in by_model.items():
        known = sources[label].keys({number for place in places if (number := _number(place.value)) is not None})
        for place in places:
            number = _number(place.value)
            if number not in known if number is not None else isinstance(place.value, str):
                yield Problem(place.path, sources[label].missing % {"key": place.value})


def meant_by(info: FieldInfo) -> Any:
    """The reference, or the model of further options, that a field holds; None where there is neither."""
    own = next((each for each in info.metadata if isinstance(each, Reference)), None)
    return own or _meant(info.annotation)


def _rewritten(document: Json, kind: type, found_in: Callable[[Keys, Collection[Any]], Mapping[Any, Any]]) -> Json:
    whole: Json = _mapped(document, str)
    by_model: dict[str, list[Place]] = defaultdict(list)
    for model, config in _configs(whole):
        for place in _places(model, config, ()):
            if isinstance(place.value, kind) and not isinstance(place.value, bool):
                by_model[place.reference.model].append(place)
    for label, places in by_model.items():
        found = found_in(sources[label], {place.value for place in places})
        for place in places:
            place.holder[place.at] = found.get(place.value) or place.value
    for source in sources.values():
        if source.prefix:
            whole = _with_fields(whole, source, kind, found_in)
    return whole


def _with_fields(whole: Json, source: Keys, kind: type, found_in: Any) -> Json:
    """The same for the names of fields that conditions and choices ask for."""
    form = r"\d+" if kind is int else rf"{KEY}(?:\.{KEY}){{{source.depth - 1}}}"
    pattern = re.compile(rf"{re.escape(source.prefix)}({form})")
    named = {kind(name[1]) for text in _texts(whole) if (name := pattern.fullmatch(text))}
    if not named:
        return whole
    found = found_in(source, named)

    def put(text: str) -> str:
        name = pattern.fullmatch(text)
        return f"{source.prefix}{found.get(kind(name[1])) or name[1]}" if name else text

    changed: Json = _mapped(whole, put)
    return changed


def _configs(document: Json) -> Iterator[tuple[type[BaseModel], Any]]:
    """Each config of the document with the model that reads it; of kinds that are known."""
    for part in ("triggers", "exits"):
        for entry in dicts(document.get(part)):
            if (event := registry.events.get(str(entry.get("event")))) is not None:
                yield event.Options, entry.get("config")
    for node, _path in nodes(document.get("actions"), ()):
        if (action := registry.actions.get(str(node.get("action")))) is not None:
            yield action, node.get("config")


def _places(model: type[BaseModel], config: Any, path: Path) -> Iterator[Place]:
    if not isinstance(config, dict):
        return
    for name, info in model.model_fields.items():
        if name in config:
            yield from _within(meant_by(info), config, name, (*path, name))


def _within(meant: Any, holder: Any, at: str | int, path: Path) -> Iterator[Place]:
    value = holder[at]
    if isinstance(value, list):
        for index in range(len(value)):
            yield from _within(meant, value, index, (*path, index))
    elif isinstance(meant, Reference) and value not in ("", None):
        yield Place(holder, at, meant, path)
    elif isinstance(meant, type):
        yield from _places(meant, value, path)


def _meant(annotation: Any) -> Any:
    for each in getattr(annotation, "__metadata__", ()):
        if isinstance(each, Reference):
            return each
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _meant(part)) is not None), None)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(each, change) for key, each in value.items()}
    return [_mapped(each, change) for each in value] if isinstance(value, list) else value


def _number(value: Any) -> int | None:
    """A number, also as a form posts it; None for what is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
