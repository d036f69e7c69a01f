"""The catalogue as a page of documentation: docs/events-and-actions.md is what `markdown` returns.

English only, as all of docs/ is, and from the registry alone: the page is the same on every machine.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils import translation
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from triggers import registry
from triggers.action_types import Action
from triggers.conditions.fields import Field, Kind, operators
from triggers.event_types import Bound, Changed, Created, Deleted, EventType, Happened
from triggers.evidence import COMMON, namespaces_of

INTRODUCTION: Final = """\
# Events and actions

This page is made by `manage.py catalogue --markdown`; a test compares it with what the command prints.
`manage.py catalogue --json` and `GET /api/v1/catalogue/` give the same with JSON schemas.
[The workflow document](workflow-document.md) shows an example of every action.
"""
TOUCHES: Final = {
    "database": "Changes this database only: exactly once, in one transaction with its result.",
    "flow": "Part of the flow: exactly once.",
    "outside": "Reaches the outside: under a lease, with one key on every try.",
}
# Written with a key of their own instead of `action` and `config`.
_FORMS: Final = ("branch", "split")
_TYPES: Final = {
    "string": "text", "integer": "whole number", "number": "number", "boolean": "true or false",
    "object": "object", "null": "null",
}  # fmt: skip
_FORMATS: Final = {"date": "date", "date-time": "date and time"}

Schema = Mapping[str, Any]
Row = tuple[str, ...]


def markdown() -> str:
    """The whole page, ending with a line break."""
    with translation.override("en"):
        return "\n".join(line.rstrip() for line in _page()).replace("\n\n\n", "\n\n").rstrip() + "\n"


def _page() -> Iterator[str]:
    yield from INTRODUCTION.splitlines()
    yield from ("", "## Events", "")
    for _key, kind in sorted(registry.events.items()):
        yield from _event(kind)
    yield from _common()
    for name, source in sorted(registry.facts.items()):
        yield from ("", f"### `{name}.…`", "", f"{source.label}, as it is when the condition is judged.", "")
        declared = source.fields()
        yield from _condition_fields(name, declared) if declared else ("Staff define which there are.",)
    yield from _operators()
    yield from ("", "## Actions", "")
    for _key, action in sorted(registry.actions.items()):
        yield from _action(action)


def _event(kind: type[EventType]) -> Iterator[str]:
    yield from ("", f"### `{kind.key}`", "", f"**{kind.label}.** {_flowing(kind.description())}", "", _source(kind))
    yield from _model("Option", kind.Options)
    fields = kind.fields()
    yield from ("", *_table(("Payload", "Value", "Kind"), (
        (f"`event.{name}`", _value(schema, _defs(kind)), _asked(name, fields)) for name, schema in _properties(kind)
    )))  # fmt: skip
    if issubclass(kind, Changed):
        told = ", ".join(f"`event.{name}` ({fields[name].kind})" for name in fields if fields[name].changes)
        yield from ("", f"Changes, for the operators of a change: {told}.")
    about = ", ".join(f"`{name}.…`" for name in sorted(namespaces_of(kind)) if not registry.facts[name].of)
    yield from ("", f"Conditions may also ask about: {about or 'nothing else'}.")


def _source(kind: type[EventType]) -> str:
    if issubclass(kind, Happened):
        if kind.immediate:
            return "Told by a service; its workflows run inside the transaction that records it."
        return "Told by a service; clients may report it with `POST /api/v1/events/`."
    if issubclass(kind, Bound):
        words = {Created: "new", Changed: "changed", Deleted: "deleted"}
        rows = next(word for base, word in words.items() if issubclass(kind, base))
        return f"Follows {rows} rows of `{kind.model}`, whoever writes them and by whatever door of Django's ORM."
    return "Found by the clock."


def _common() -> Iterator[str]:
    yield from ("", "## What conditions may ask about", "", "### `event.…`", "")
    yield from ("What every event has, beside its payload. An event's own payload is frozen when it happens.", "")
    yield from _condition_fields("event", COMMON)


def _condition_fields(namespace: str, fields: Mapping[str, Field]) -> Iterator[str]:
    yield from _table(("Field", "What it is", "Kind"), (
        (f"`{namespace}.{name}`", str(field.label), _kind(field)) for name, field in sorted(fields.items())
    ))  # fmt: skip


def _operators() -> Iterator[str]:
    yield from ("", "### Kinds and their operators", "")
    yield from ("A change is a watched field of a *changed* event: it has a value before and one after.", "")
    yield from _table(("Kind", "Operators", "Operators of a change"), (
        (str(kind), _keys(Field(kind, "")), _keys(Field(kind, "", changes=True))) for kind in Kind
    ))  # fmt: skip


def _action(kind: type[Action]) -> Iterator[str]:
    yield from ("", f"### `{kind.key}`", "", f"**{kind.label}.** {_flowing(kind.description())}", "")
    yield TOUCHES[kind.touches]
    if kind.outcomes:
        yield from ("", f"Ends with: {_codes(kind.outcomes)}.")
    if kind.may_cause:
        yield from ("", f"May cause: {_codes(kind.may_cause)}.")
    if kind.texts:
        yield from ("", f"Merge fields may stand in: {_codes(kind.texts)}.")
    if kind.sends:
        yield from ("", "Waits for the workflow's sending windows.")
    if kind.key in _FORMS:
        yield from ("", f"Written as `{kind.key}` with its cases, see [the workflow document](workflow-document.md).")
    else:
        yield from _model("Setting", kind)


def _model(heading: str, model: type[BaseModel]) -> Iterator[str]:
    """A table of a model's fields; nothing where it has none."""
    rows = []
    for name, schema in _properties(model):
        info = model.model_fields[name]
        default = "required" if info.is_required() else _default(info.get_default(call_default_factory=True))
        title = f"; *{info.title}*" if info.title else ""
        rows.append((f"`{name}`", _value(schema, _defs(model)) + title, default))
    if rows:
        yield from ("", *_table((heading, "Value", "Default"), rows))


def _properties(model: type[BaseModel]) -> Iterable[tuple[str, Schema]]:
    found: dict[str, Schema] = model.model_json_schema().get("properties", {})
    return found.items()


def _defs(model: type[BaseModel]) -> Schema:
    found: Schema = model.model_json_schema().get("$defs", {})
    return found


def _value(schema: Schema, defs: Schema) -> str:
    """A JSON schema in words: "list of text", "whole number, 1 to 20"."""
    if "$ref" in schema:
        inner = defs[schema["$ref"].rpartition("/")[2]]
        parts = (f"`{name}` ({_value(part, defs)})" for name, part in inner["properties"].items())
        return f"object with {', '.join(parts)}"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_value(part, defs) for part in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{choice}`" for choice in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_plural(_value(schema.get('items', {}), defs))}"
    kind = schema.get("type", "")
    words = _FORMATS.get(schema.get("format", "")) or _TYPES.get(kind, "any JSON")
    low, high = schema.get("minimum"), schema.get("maximum")
    return f"{words}, {low} to {high}" if low is not None and high is not None else words


def _plural(words: str) -> str:
    """ "list of objects with …": the nouns among the values; `text` and choices stay."""
    noun = next((noun for noun in ("whole number", "number", "object") if words.startswith(noun)), "")
    return f"{noun}s{words.removeprefix(noun)}" if noun else words


def _default(value: Any) -> str:
    if value is PydanticUndefined or value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(f"`{item}`" for item in value) or "empty"
    return f"`{value}`" if value not in ("", {}) else "empty"


def _asked(name: str, fields: Mapping[str, Field]) -> str:
    return _kind(fields[name]) if name in fields else f"any, by path: `event.{name}.…`"


def _kind(field: Field) -> str:
    if not field.choices:
        return str(field.kind)
    return f"{field.kind}: {', '.join(f'`{key}`' for key, _label in field.choices)}"


def _keys(field: Field) -> str:
    return ", ".join(f"`{operator.key}`" for operator in operators(field))


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _flowing(text: str) -> str:
    """A docstring as one line a paragraph."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
