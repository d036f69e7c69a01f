"""What conditions may ask of an event: fields told from the types of its payload, and from the columns it watches."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from django.utils.translation import gettext_lazy
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from triggers.conditions.fields import Field, Kind


def payload_fields(payload: type[BaseModel]) -> Iterator[tuple[str, Field]]:
    """The fields that conditions may ask of a payload, by name."""
    for name, info in payload.model_fields.items():
        kind = _kind(name, info.annotation)
        if kind is not None:
            choices = tuple((str(c), gettext_lazy(str(c))) for c in _literals(info.annotation) if str(c))
            yield name, Field(kind, gettext_lazy(_label(name, info)), choices=choices)


def spoken(payload: type[BaseModel]) -> Iterator[str]:
    """The names of the payload's fields and of the values they may have, in English, as they are translated."""
    for name, info in payload.model_fields.items():
        if _kind(name, info.annotation) is not None:
            yield _label(name, info)
            yield from (str(value) for value in _literals(info.annotation))


def changing_field(field: Any) -> Field:
    """A change field for a model's column."""
    kinds = {
        "DateField": Kind.DATE, "DateTimeField": Kind.DATETIME, "BooleanField": Kind.YESNO,
        "DecimalField": Kind.NUMBER, "IntegerField": Kind.NUMBER, "ForeignKey": Kind.REF,
        "ManyToManyField": Kind.SET, "JSONField": Kind.TEXT,
    }  # fmt: skip
    choices = tuple((str(value), str(label)) for value, label in field.flatchoices)
    kind = Kind.CHOICE if choices else kinds.get(field.get_internal_type(), Kind.TEXT)
    return Field(kind, field.verbose_name, choices=choices, changes=True)


def _label(name: str, info: FieldInfo) -> str:
    return info.title or name.replace("_", " ")


def _kind(name: str, annotation: Any) -> Kind | None:
    """The condition kind of a payload annotation; None for what conditions cannot ask (a whole object)."""
    plain = [part for part in get_args(annotation) if part is not type(None)]
    if type(None) in get_args(annotation) and len(plain) == 1:
        return _kind(name, plain[0])
    if _literals(annotation):
        return Kind.CHOICE
    if get_origin(annotation) in (list, tuple):
        return Kind.SET
    if annotation is int:
        return Kind.REF if name.endswith("_id") else Kind.NUMBER
    simple = {
        str: Kind.TEXT, bool: Kind.YESNO, float: Kind.NUMBER, Decimal: Kind.NUMBER,
        datetime: Kind.DATETIME, date: Kind.DATE,
    }  # fmt: skip
    return simple.get(annotation)


def _literals(annotation: Any) -> tuple[Any, ...]:
    for part in (annotation, *get_args(annotation)):
        if get_origin(part) is Literal:
            return get_args(part)
    return ()
