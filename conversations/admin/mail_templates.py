"""Mail templates in the admin."""

from django.contrib import admin

from conversations.models import MailTemplate
from triggers.admin.typed import ModelAdmin


@admin.register(MailTemplate)
class MailTemplateAdmin(ModelAdmin[MailTemplate]):
    """Bodies of mails. They may name the contact, its trigger links and the organisation."""

    list_display = ("name", "key", "updated_at")
    search_fields = ("name", "key", "text", "html")
    fields = ("name", "text", "html")
