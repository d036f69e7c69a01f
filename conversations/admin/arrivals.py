"""What came in from outside and what became of it, and the mailboxes that are asked for mail."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.inbound import polling, taking
from conversations.models import Arrival, MailAccount
from triggers.admin.buttons import Buttons, button
from triggers.admin.pages import ReadOnly
from triggers.admin.typed import ModelAdmin
from triggers.wording import look


@admin.register(Arrival)
class ArrivalAdmin(Buttons, ReadOnly, ModelAdmin[Arrival]):
    """Deliveries from outside. Those of senders nobody knows wait here."""

    change_form_template = "admin/conversations/arrival/change_form.html"
    list_display = ("sender", "title", "at", "kind", "reason")
    list_display_links = ("sender", "title")
    list_filter = ("kind", "channel", "at")
    search_fields = ("from_address", "subject", "mail_id")
    fields = (("from_address", "name"), "to_address", "subject", "text", ("kind", "at"), "reason", "gateway")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Arrival]:
        return super().get_queryset(request).select_related("message")

    @admin.display(description=gettext_lazy("from"), ordering="from_address")
    def sender(self, arrival: Arrival) -> str:
        return arrival.name or arrival.from_address or _("Nobody")

    @admin.display(description=gettext_lazy("what it says"))
    def title(self, arrival: Arrival) -> str:
        return str(arrival.message or arrival)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        arrival = self.get_object(request, object_id)
        offered = self.offered(request, arrival) if arrival else []
        shown = {"buttons": offered, "files": arrival.attachments.all() if arrival else []}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    @button(gettext_lazy("Make a contact of it"), permission="contacts.add_contact", icon="person", tone="primary",
            when=lambda arrival: arrival.kind == Arrival.Kind.ASIDE)  # fmt: skip
    def adopt(self, request: HttpRequest, arrival: Arrival) -> str:
        message = taking.adopt(arrival, timezone.now())
        if message is None:
            return _("Somebody has done it already.")
        return _("The message stands with %(contact)s now.") % {"contact": message.contact}


@admin.register(MailAccount)
class MailAccountAdmin(Buttons, ModelAdmin[MailAccount]):
    """Mailboxes whose mail is fetched by IMAP."""

    change_form_template = "admin/conversations/arrival/change_form.html"
    list_display = ("name", "address", "state", "polled_at")
    fieldsets = (
        (None, {"fields": (("name", "address"), "active")}),
        (gettext_lazy("Server"), {"fields": (("host", "port", "security"), ("username", "password"), "folder")}),
        (None, {"fields": (("every_minutes", "plus_addressing"),)}),
    )

    @admin.display(description=gettext_lazy("state"))
    def state(self, account: MailAccount) -> SafeString:
        if not account.active:
            return look.pill("paused", _("Switched off"))
        if account.error:
            return format_html("{} {}", look.pill("failed", _("Failing")), account.error)
        return look.pill("live", _("Fetching")) if account.polled_at else look.pill("pending", _("Not asked yet"))

    def save_model(self, request: HttpRequest, obj: MailAccount, form: Any, change: bool) -> None:
        if {"host", "username", "folder"} & set(form.changed_data):
            # Another folder: what lies in it already is not news.
            obj.uid_validity, obj.last_uid, obj.since = None, 0, timezone.now()
        super().save_model(request, obj, form, change)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        account = self.get_object(request, object_id)
        offered = self.offered(request, account) if account else []
        shown = {"buttons": offered, "why": account.error if account else ""}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    @button(gettext_lazy("Fetch now"), permission="conversations.change_mailaccount", icon="again")
    def fetch(self, request: HttpRequest, account: MailAccount) -> str:
        with transaction.atomic():
            # Under the lease of whoever fetches: two at once would take the same mail to hand.
            locked = MailAccount.objects.select_for_update().get(pk=account.pk)
            locked.due_at = timezone.now() + polling.LEASE
            locked.save(update_fields=["due_at"])
        taken = polling.poll(locked, timezone.now())
        return locked.error or (_("%(n)d new.") % {"n": taken} if taken else _("Nothing new."))
