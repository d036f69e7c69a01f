"""Many rows of any model: copies of one row, with other values where a value may stand once only."""

from datetime import timedelta
from itertools import count
from typing import Any, Final
from uuid import uuid4

from django.db import models
from django.db.models import Model, QuerySet

BATCH: Final = 2000
_numbers = count(1_000_000)


def multiply(model: type[Model], rows: int) -> None:
    """Fills the table up to so many rows, past every signal: nothing is told, nothing else is written."""
    first = model._default_manager.order_by("pk").first()
    assert first is not None, f"furnish has no {model._meta.label}"
    missing = rows - model._default_manager.count()
    for start in range(0, missing, BATCH):
        # Django's own: a tracked model's would record an event for each.
        QuerySet(model).bulk_create([_copy(first) for _n in range(min(BATCH, missing - start))])


def _copy(row: Any) -> Any:
    """The row once more, as if it had never been stored."""
    number, made = next(_numbers), row.__class__()
    once = _once(row.__class__)
    for field in row._meta.concrete_fields:
        if field.primary_key:
            made.pk = None if isinstance(field, models.AutoField) else _other(field, row.pk, number)
            continue
        value = getattr(row, field.attname)
        setattr(made, field.attname, _other(field, value, number) if field.name in once else value)
    return made


def _once(model: type[Model]) -> set[str]:
    """The names of the columns that are unique, and of one column of each constraint that is."""
    found = {field.name for field in model._meta.concrete_fields if field.unique and not field.primary_key}
    for names in _together(model):
        if found.isdisjoint(names):
            plain = [name for name in names if model._meta.get_field(name).remote_field is None]
            found.add((plain or [*names])[-1])
    return found


def _together(model: type[Model]) -> list[tuple[str, ...]]:
    constraints = [each for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)]
    named = [each.fields or _named(each.expressions) for each in constraints]
    return [*named, *(tuple(each) for each in model._meta.unique_together)]


def _named(expressions: Any) -> tuple[str, ...]:
    """The columns that expressions are made of, such as that of Lower("name")."""
    parts = [part for each in expressions for part in (each.flatten() if hasattr(each, "flatten") else [each])]
    return tuple(part.name for part in parts if isinstance(part, models.F))


def _other(field: Any, value: Any, number: int) -> Any:
    """Another value of the field; a relation gets a row of its own, or none."""
    if isinstance(field, models.ForeignKey):
        if field.null:
            return None
        other = _copy(field.related_model._default_manager.order_by("pk")[0])
        QuerySet(field.related_model).bulk_create([other])
        return other.pk
    if isinstance(field, models.DateTimeField | models.DateField):
        return value + timedelta(days=number - 1_000_000) if value else value
    if isinstance(field, models.UUIDField):
        return uuid4()
    if isinstance(field, models.CharField | models.TextField):
        text = f"{number}{value or ''}"
        return text[: field.max_length] if field.max_length else text
    if isinstance(field, models.BinaryField):
        return str(number).encode()
    if isinstance(field, models.IntegerField):
        return number % 30_000 if isinstance(field, models.SmallIntegerField) else number
    return value
