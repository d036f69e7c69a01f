"""SQL that treats text beyond ASCII the same in every database: by leaving it alone."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, IntegerField, TextField
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[str | int, ...]]


class AsciiLower(Func):
    """A text with A to Z in lower case and every other character as it is.

    SQLite's LOWER does just that; PostgreSQL's follows the collation, which in Turkish makes "I" a "ı".
    """

    function = "LOWER"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Sql:
        return self.as_sql(compiler, connection, template='LOWER(%(expressions)s COLLATE "C")')


class Octets(Func):
    """The length of a text in bytes of UTF-8; more than its characters where any is beyond ASCII."""

    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Sql:
        # OCTET_LENGTH came to SQLite with 3.43.
        return self.as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))")
