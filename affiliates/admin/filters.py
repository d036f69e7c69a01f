"""Filters of the lists of affiliates."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from affiliates.models import Sale

MOST: Final = 25


class ToldByFilter(admin.SimpleListFilter):
    """By who told the sale: one of ours, or another system by its name."""

    title = _("told by")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = Sale.objects.order_by("source").values_list("source", flat=True).distinct()[:MOST]
        return [(name, Sale.told_by(name)) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sale]) -> QuerySet[Sale]:
        chosen = self.value()
        return queryset.filter(source=chosen) if chosen else queryset
