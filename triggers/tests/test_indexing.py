"""Partial indexes are used on every database, also where values are bound."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Index, Q, QuerySet
from django.utils import timezone

from triggers.models import Run
from triggers.models.event import Lane
from triggers.running import claiming
from triggers.wording import attention


def lookups(condition: Any) -> Iterator[str]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from lookups(child)
        else:
            yield child[0]


def partial() -> list[tuple[str, Index]]:
    return [
        (model._meta.label, index) for model in apps.get_models() for index in model._meta.indexes if index.condition
    ]


def test_no_index_is_for_one_of_several_values_in_a_list() -> None:
    found = partial()
    assert len(found) > 30
    assert [
        (model, index.name) for model, index in found if any("__in" in name for name in lookups(index.condition))
    ] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda: claiming._due(Lane.FAST, timezone.now()).order_by("due_at"), "run_due"),
        (lambda: Run.objects.filter(attention.STUCK).order_by("id"), "run_attention"),
        (lambda: Run.objects.filter(active_key__in=["12@contact:5"], status__in=Run.ACTIVE), "run_active_key"),
    ],
)  # fmt: skip
def test_what_the_engine_asks_again_and_again_reads_no_whole_table(rows: Any, index: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("an empty table is read whole on PostgreSQL, whatever indexes there are")
    asked: QuerySet[Run] = rows()
    text, values = asked.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {text}", values)
        plan = [str(row[-1]) for row in cursor.fetchall()]
    assert any(f"USING INDEX {index}" in line for line in plan), plan
