"""Every mail and text that would have been sent, while no mail server or gateway is set up."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.admin.reading import Read
from conversations.models import ConsoleMessage, MailboxMail
from triggers.admin.pages import ReadOnly
from triggers.admin.typed import ModelAdmin
from triggers.wording import look

SHOWN_SOURCE: Final = 50_000


@admin.register(MailboxMail)
class MailboxMailAdmin(Read):
    """Every mail that would have been sent, while no mail server is set up."""

    list_display = ("to_addresses", "title", "sent_at", "state")
    list_display_links = ("to_addresses", "title")
    list_filter = ("sent_at",)
    search_fields = ("to_addresses", "subject", "message_id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MailboxMail]:
        return super().get_queryset(request).defer("raw")

    @admin.display(description=gettext_lazy("subject"), ordering="subject")
    def title(self, mail: MailboxMail) -> str:
        return mail.subject or _("(no subject)")

    @admin.display(description=gettext_lazy("state"), ordering="times")
    def state(self, mail: MailboxMail) -> str:
        return _pill(mail.times)

    def shown(self, mail: MailboxMail) -> dict[str, Any]:
        return {**super().shown(mail), "source": bytes(mail.raw[:SHOWN_SOURCE]).decode("utf-8", "replace")}


@admin.register(ConsoleMessage)
class ConsoleMessageAdmin(ReadOnly, ModelAdmin[ConsoleMessage]):
    """Texts that the console took."""

    list_display = ("to_address", "text", "channel", "sent_at", "state")
    list_filter = ("channel", "sent_at")
    search_fields = ("to_address", "text")
    fields = ("channel", "to_address", "from_address", "text", "media", "sent_at")

    @admin.display(description=gettext_lazy("state"), ordering="times")
    def state(self, text: ConsoleMessage) -> str:
        return _pill(text.times)


def _pill(times: int) -> str:
    return look.pill("done", _("Sent") if times == 1 else _("Sent %(n)d times") % {"n": times})
