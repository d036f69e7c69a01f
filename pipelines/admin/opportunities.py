"""Opportunities in the admin. What changes goes through `services`, so that events fire."""

from typing import Any

from django.contrib import admin

from pipelines.models import Opportunity
from triggers.admin.typed import ModelAdmin


@admin.register(Opportunity)
class OpportunityAdmin(ModelAdmin[Opportunity]):
    """A deal: what it is worth, where it stands, and everything that happened with it."""

    list_display: Any = ("name", "contact", "stage", "value", "currency", "owner", "status")
    list_select_related = ("contact", "stage", "owner")
    autocomplete_fields = ("contact", "owner")
    search_fields = ("name", "contact__first_name", "contact__last_name")
