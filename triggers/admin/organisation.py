"""The organisation: one row, whose page is where its list would be."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from triggers.admin.pages import page_of
from triggers.admin.typed import ModelAdmin
from triggers.models import Organisation


@admin.register(Organisation)
class OrganisationAdmin(ModelAdmin[Organisation]):
    """Name, address, time zone and what messages keep to."""

    fieldsets = (
        (None, {"fields": ("name", "postal_address", "time_zone")}),
        (_("Messages"), {"fields": (("sender", "reply_to"), ("quiet_from", "quiet_to"), "frequency_cap")}),
        (_("Days off"), {"fields": ("holidays",)}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Organisation.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        only = Organisation.objects.first()
        if only is not None and self.has_view_permission(request, only):
            return redirect(page_of(only))
        if only is None and self.has_add_permission(request):
            return redirect(reverse("admin:triggers_organisation_add"))
        return super().changelist_view(request, extra_context)
