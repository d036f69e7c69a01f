"""What may come of calls: the words staff choose from on the page of a call."""

from django.contrib import admin

from conversations.models import Disposition
from triggers.admin.typed import ModelAdmin


@admin.register(Disposition)
class DispositionAdmin(ModelAdmin[Disposition]):
    """Outcomes of calls. One that a call has cannot be deleted."""

    list_display = ("name", "key")
    search_fields = ("name", "key")
    fields = ("name",)
