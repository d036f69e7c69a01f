"""Counts and sums of deals, each currency for itself."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from pipelines.models import Opportunity

ZERO = Decimal(0)


def grouped(rows: "QuerySet[Opportunity]") -> list[dict[str, Any]]:
    """`stage`, `status`, `currency`, `count` and `value` of the rows, in one query."""
    found: QuerySet[Any] = rows.order_by().values("stage", "status", "currency").annotate(
        count=Count("pk"), value=Coalesce(Sum("value"), ZERO)
    )  # fmt: skip
    return list(found.order_by("stage", "status", "currency"))


def by_currency(rows: "QuerySet[Opportunity]") -> dict[str, Decimal]:
    """The sum of the rows' values by currency; deals without a value are left out."""
    sums = rows.filter(value__isnull=False).order_by().values_list("currency").annotate(sum=Sum("value"))
    return dict(sums.order_by("currency"))
