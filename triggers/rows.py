"""Rows in one statement, without a model instance for each: how the engine writes what comes in batches.

A batch travels as one JSON document that the database takes apart itself; what all its rows share travels
once, as a plain value. That costs a fifth to a tenth of what `bulk_create` does (docs/decisions/0013-rows-as-one-document.md).
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import Lookup

Values = Mapping[str, Any]
# A document of so many rows stays small beside what a database lets a statement be.
BATCH: Final = 2000


def insert(model: type[models.Model], each: Sequence[Values], *, ignore_conflicts: bool = False) -> list[int]:
    """Inserts rows given as values by column name, all with the same columns; those left out take their default,
    which is one for them all.

    Their new ids in the order given; with `ignore_conflicts` only of those that broke no unique constraint.
    """
    ids: list[int] = []
    for start in range(0, len(each), BATCH):
        ids += _insert(_table(model), each[start : start + BATCH], ignore_conflicts)
    return ids


def update(model: type[models.Model], each: Sequence[Values]) -> None:
    """Updates rows given as values by column name, all with the same columns; `id` says which row."""
    for start in range(0, len(each), BATCH):
        _update(_table(model), each[start : start + BATCH])


def values_of(row: models.Model) -> dict[str, Any]:
    """An instance's values by column name, for `insert`."""
    return {name: getattr(row, field.attname) for name, field in _table(type(row)).fields.items()}


@models.Field.register_lookup
class Among(Lookup):
    """`filter(pk__among=keys)`: as `__in`, with all the keys as one parameter, however many they are.

    PostgreSQL is given an array, of which it knows the length; a subquery would be planned as any number of rows.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", (*params, list(self.rhs))
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, json.dumps(list(self.rhs)))  # noqa: S608 -- our own column


class Table:
    """A model's table: its columns, and how the values of each travel."""

    def __init__(self, model: type[models.Model]) -> None:
        self.name = model._meta.db_table
        self.fields = {str(field.column): field for field in model._meta.concrete_fields if not field.primary_key}

    def missing(self, given: Values) -> dict[str, Any]:
        return {name: field.get_default() for name, field in self.fields.items() if name not in given}

    def plain(self, name: str, value: Any) -> Any:
        """The value as a parameter of a statement."""
        if value is not None and self.holds(name, models.JSONField):
            return json.dumps(value, default=_text)
        return self.told(name, value)

    def told(self, name: str, value: Any) -> Any:
        """The value as it stands in the document, in the database's own spelling of moments and numbers."""
        if connection.vendor != "sqlite":
            return value
        if isinstance(value, datetime):
            return connection.ops.adapt_datetimefield_value(value)
        return value.hex if isinstance(value, UUID) else value

    def cast(self, name: str) -> str:
        """The column's type, as PostgreSQL is to read a value; lengths are left for the table to check."""
        field: Any = self.fields.get(name)
        if field is None:
            return "bigint"
        return "text" if isinstance(field, models.CharField) else str(field.db_type(connection))

    def holds(self, name: str, kind: type[Any]) -> bool:
        return isinstance(self.fields.get(name), kind)

    def spelt(self, names: Sequence[str]) -> list[str]:
        """Those of the columns whose values SQLite stores otherwise than JSON writes them."""
        kinds = (models.DateTimeField, models.UUIDField)
        return [name for name in names if connection.vendor == "sqlite" and self.holds(name, kinds)]  # type: ignore[arg-type]


@cache
def _table(model: type[models.Model]) -> Table:
    return Table(model)


def _insert(table: Table, each: Sequence[Values], ignore_conflicts: bool) -> list[int]:
    same, own = _apart(each)
    same |= table.missing(each[0])
    chosen = ", ".join(["%s"] * len(same) + [_read(table, name) for name in own])
    # Without a document there is still a row for each.
    source = _source(table, own) if own else _count(len(each))
    columns = _names([*same, *own])
    statement = f"INSERT INTO {table.name} ({columns}) SELECT {chosen} FROM {source} WHERE true"  # noqa: S608 -- our own columns
    if ignore_conflicts:
        statement += " ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} RETURNING id", [*_plain(table, same), *_document(table, own, each)])
        return [row[0] for row in cursor.fetchall()]


def _update(table: Table, each: Sequence[Values]) -> None:
    same, own = _apart(each, keep=("id",))
    put = [f'"{name}" = %s' for name in same]
    put += [f'"{name}" = {_read(table, name)}' for name in own if name != "id"]
    if put:
        where = f"{table.name}.id = {_read(table, 'id')}"
        statement = f"UPDATE {table.name} SET {', '.join(put)} FROM {_source(table, own)} WHERE {where}"  # noqa: S608 -- as above
        with connection.cursor() as cursor:
            cursor.execute(statement, [*_plain(table, same), *_document(table, own, each)])


def _apart(each: Sequence[Values], keep: Sequence[str] = ()) -> tuple[dict[str, Any], list[str]]:
    """What every row shares, by column, and the columns in which they differ."""
    first = each[0]
    own = [name for name, value in first.items() if name in keep or any(row[name] is not value for row in each)]
    return {name: value for name, value in first.items() if name not in own}, own


def _plain(table: Table, same: Values) -> list[Any]:
    return [table.plain(name, value) for name, value in same.items()]


def _document(table: Table, own: Sequence[str], each: Sequence[Values]) -> list[str]:
    if not own:
        return []
    spelt = set(table.spelt(own))
    rows = [{name: table.told(name, row[name]) if name in spelt else row[name] for name in own} for row in each]
    return [json.dumps(rows, default=_text)]


def _source(table: Table, own: Sequence[str]) -> str:
    if connection.vendor == "sqlite":
        return "json_each(%s) AS given"
    columns = ", ".join(f'"{name}" {table.cast(name)}' for name in own)
    return f"json_to_recordset(%s) AS given({columns})"


def _read(table: Table, name: str) -> str:
    return f"json_extract(given.value, '$.{name}')" if connection.vendor == "sqlite" else f'given."{name}"'


def _count(rows: int) -> str:
    return f"(VALUES {', '.join(['(1)'] * rows)}) AS given"


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _text(value: Any) -> Any:
    """What JSON has no word for, as the database and pydantic read it."""
    if isinstance(value, datetime):
        # As Django's own encoder, but for what that cuts off behind the milliseconds.
        return value.isoformat().replace("+00:00", "Z")
    return _encoder.default(value)


_encoder: Final = DjangoJSONEncoder()
