"""Addresses nobody may write to."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from conversations.models import Suppression
from conversations.suppressing import digest
from triggers.admin.typed import ModelAdmin


@admin.register(Suppression)
class SuppressionAdmin(ModelAdmin[Suppression]):
    """Addresses nobody may write to. Staff may enter one, or lift one on the person's word."""

    list_display = ("address", "reason", "at")
    list_filter = ("reason", "at")
    search_fields = ("address",)
    search_help_text = gettext_lazy("A whole address also finds that of a person who was forgotten.")
    fields = ("address", "reason", "at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suppression], search_term: str
    ) -> tuple[QuerySet[Suppression], bool]:
        """Of a forgotten person only a digest is kept; it is found by the address it was made of."""
        found, many = super().get_search_results(request, queryset, search_term)
        return (found | queryset.filter(address=digest(search_term)), many) if search_term else (found, many)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
