"""What a kind's config schema says about the controls of its form: sort, label, help, choices, where names come from."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from triggers import references
from triggers.choices import by_field, by_model

Sort = Literal["text", "number", "yesno", "choice", "list", "checks", "pairs", "rows", "conditions", "raw"]
NOTHING: Final = object()
# Settings that hold more than a line.
LONG: Final = frozenset({"text", "html", "body", "details", "template"})
_SCALARS: Final = {str: "text", date: "text", datetime: "text", bool: "yesno", int: "number", float: "number",
                   Decimal: "number"}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """One field of a config. `default` is NOTHING where it has to be given; `item` is the model of a row."""

    name: str
    sort: Sort
    title: str
    default: Any
    optional: bool
    choices: tuple[str, ...] = ()
    source: str = ""
    long: bool = False
    numbers: bool = False
    item: type[BaseModel] | None = None
    labels: tuple[tuple[str, str], ...] = ()
    aside: bool = False

    @property
    def required(self) -> bool:
        return self.default is NOTHING

    @property
    def label(self) -> str:
        """What staff read above the control: the schema's title, else the name in words."""
        return _(self.source_label)

    @property
    def source_label(self) -> str:
        """The label in English, as it is translated."""
        return self.title or capfirst(self.name.replace("_", " "))

    def called(self, choice: str) -> str:
        """A choice as staff read it: the schema's label, else round_robin as Round robin."""
        return _(self.source_called(choice))

    def source_called(self, choice: str) -> str:
        """A choice in English, as it is translated."""
        return dict(self.labels).get(choice) or capfirst(choice.replace("_", " ")) or gettext_noop("None")


@lru_cache(maxsize=500)
def settings_of(model: type[BaseModel]) -> tuple[Setting, ...]:
    """The model's fields in their order, by the name they have in the document."""
    return tuple(_setting(model, info.alias or name, info) for name, info in model.model_fields.items())


def _setting(model: type[BaseModel], name: str, info: FieldInfo) -> Setting:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    default = info.get_default(call_default_factory=True)
    parts, optional = _parts(info.annotation)
    sort, choices, item = _sort(parts)
    if name == "conditions" and "event" in model.model_fields:
        sort = "conditions"
    return Setting(
        name, sort, str(info.title or ""), NOTHING if default is PydanticUndefined else default, optional,
        choices, str(extra.get("source") or _source(name, info)), name in LONG, int in (*parts, *_items(parts)), item,
        _labels(extra.get("labels")), bool(extra.get("aside")),
    )  # fmt: skip


def _source(name: str, info: FieldInfo) -> str:
    """Where the field's values come from: the model whose rows it names, else what fields of its name choose from."""
    meant = references.meant_by(info)
    named = by_model(meant.model) if isinstance(meant, references.Reference) else ""
    return named or by_field.get(name, "")


def _labels(given: Any) -> tuple[tuple[str, str], ...]:
    return tuple(given.items()) if isinstance(given, dict) else ()


def _parts(annotation: Any) -> tuple[list[Any], bool]:
    """The alternatives of an annotation without None, and whether None was among them."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        found = [_parts(part)[0] for part in get_args(annotation) if part is not type(None)]
        return [part for parts in found for part in parts], type(None) in get_args(annotation)
    return [annotation], False


def _items(parts: list[Any]) -> list[Any]:
    return [inner for part in parts if get_origin(part) is list for arg in get_args(part) for inner in _parts(arg)[0]]


def _sort(parts: list[Any]) -> tuple[Sort, tuple[str, ...], type[BaseModel] | None]:
    [first, *others] = parts
    if get_origin(first) is Literal:
        return "choice", tuple(map(str, get_args(first))), None
    if set(parts) == {int, str}:
        return "number", (), None
    if others:
        return "raw", (), None
    if first in _SCALARS:
        return _SCALARS[first], (), None  # type: ignore[return-value]
    if get_origin(first) is list:
        return _list(*_items(parts))
    return ("pairs" if get_origin(first) is dict else "raw"), (), None


def _list(*items: Any) -> tuple[Sort, tuple[str, ...], type[BaseModel] | None]:
    [item, *others] = items or (None,)
    if get_origin(item) is Literal:
        return "checks", tuple(map(str, get_args(item))), None
    if not others and item in (str, int):
        return "list", (), None
    if isinstance(item, type) and issubclass(item, BaseModel):
        return "rows", (), item
    return "raw", (), None
