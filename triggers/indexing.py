"""Conditions of partial indexes, in the form that every database takes them.

SQLite uses a partial index only where it can see that a query implies the index's condition, and it cannot
for `in (…)` with bound values: the query then reads the whole table.
"""

from functools import reduce
from operator import or_

from django.db.models import Q


def one_of(column: str, *values: str) -> Q:
    """The column has one of these values; for the index's condition and for the queries that are to use it."""
    return reduce(or_, (Q(**{column: value}) for value in values))
