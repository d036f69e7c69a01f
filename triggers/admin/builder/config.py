"""A config read from a posted form, typed by its schema."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from pydantic import BaseModel

from triggers.admin.builder.schema import NOTHING, Setting, settings_of
from triggers.admin.builder.values import JSON, RAW, line_ends, read_json

Json = dict[str, Any]


class Posted(Protocol):
    """What a QueryDict is to the reader: all values of a name, in the order of the page."""

    def getlist(self, key: str) -> Sequence[str]: ...

    def __contains__(self, key: str) -> bool: ...


def read_config(model: type[BaseModel], prefix: str, data: Posted) -> Json:
    """The config whose inputs have names starting with `prefix.`; fields left as they are by default are left out.

    `prefix.:had` names the fields that the document wrote down, also where that says what goes without saying.
    """
    had = words(data, f"{prefix}.:had")
    found: Json = {}
    for setting in settings_of(model):
        value = read_field(setting, prefix, data)
        if value is not NOTHING and (setting.name in had or not _goes_without_saying(setting, value)):
            found[setting.name] = value
    extra = read_json(last(data, f"{prefix}.:extra"))
    return found | extra if isinstance(extra, dict) else found


def read_field(setting: Setting, prefix: str, data: Posted) -> Any:
    """The value of one field; NOTHING where the form did not have it, or a blank leaves it out."""
    name = f"{prefix}.{setting.name}"
    if name + RAW in data:
        text = line_ends(last(data, name + RAW))
        return read_json(text) if text.strip() else NOTHING
    if setting.sort == "yesno":
        return "true" in data.getlist(name) if name in data else NOTHING
    if setting.sort in ("list", "checks"):
        return _list(name, data)
    if setting.sort == "pairs":
        return _pairs(setting, name, data)
    if setting.sort == "rows" and setting.item is not None:
        rows = data.getlist(f"{name}:row")
        return [read_config(setting.item, row, data) for row in rows if row] if rows else NOTHING
    return NOTHING if setting.sort == "conditions" else _scalar(setting, name, data)


def last(data: Posted, name: str) -> str:
    return data.getlist(name)[-1] if name in data else ""


def words(data: Posted, name: str) -> Collection[str]:
    return set(last(data, name).split())


def _scalar(setting: Setting, name: str, data: Posted) -> Any:
    if name + JSON in data:
        text = last(data, name + JSON)
        return read_json(text) if text.strip() else _blank(setting)
    if name not in data:
        return NOTHING
    text = line_ends(last(data, name))
    return text if text else _blank(setting)


def _blank(setting: Setting) -> Any:
    """What an empty input says: nothing for a number, no text for a text."""
    if setting.optional:
        return None
    return NOTHING if setting.sort == "number" and setting.default != "" else ""


def _list(name: str, data: Posted) -> Any:
    if name not in data and name + JSON not in data:
        return NOTHING
    texts = [text for text in data.getlist(name) if text.strip()]
    return texts + [read_json(text) for text in data.getlist(name + JSON) if text.strip()]


def _pairs(setting: Setting, name: str, data: Posted) -> Any:
    """Keys and values stand in two inputs each, with a third that says whether the value is a text."""
    if f"{name}:key" not in data:
        return NOTHING
    rows = zip(*(data.getlist(f"{name}:{part}") for part in ("key", "value", "as")), strict=False)
    found = {key: read_json(value) if kind == "json" else line_ends(value) for key, value, kind in rows if key}
    return None if setting.optional and not found else found


def _goes_without_saying(setting: Setting, value: Any) -> bool:
    if setting.required:
        return value in ("", None) or value in ([], {})
    return bool(value == setting.default)
