"""Conversations in the admin: messages and the mailbox as a person reads them, and suppressed addresses."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from conversations import standing
from conversations.models import MailboxMail, Message, Suppression
from conversations.services import MAX_BODY, receive_reply
from conversations.suppressing import digest
from triggers.wording import look

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = admin.ModelAdmin

# The mail's own HTML: no script, nothing loaded from outside, no access to the admin around it.
HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
SHOWN_SOURCE = 50_000


class Read(_Admin):
    """Mail is looked at, and perhaps deleted; nobody writes or changes it here."""

    show_full_result_count = False
    view_on_site = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        name = f"conversations_{self.opts.model_name}_html"
        view = self.admin_site.admin_view(xframe_options_sameorigin(self.html_view))
        return [path("<int:pk>/html/", view, name=name), *super().get_urls()]

    def html_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The HTML part by itself, for the frame on the mail's page."""
        mail = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, mail):
            raise PermissionDenied
        response = HttpResponse(mail.html, content_type="text/html; charset=utf-8")
        response["Content-Security-Policy"] = HTML_POLICY
        response["Referrer-Policy"] = "no-referrer"
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        mail = self.get_object(request, object_id)
        shown = self.shown(mail) if mail else {}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def shown(self, mail: Any) -> dict[str, Any]:
        """What the page says besides the mail's own columns."""
        return {"frame": reverse(f"admin:conversations_{self.opts.model_name}_html", args=[mail.pk])}


@admin.register(Message)
class MessageAdmin(Read):
    """What was said to contacts and by them, with its state and the reason for it."""

    list_display = ("who", "title", "when", "state", "why", "direction")
    list_display_links = ("who", "title")
    list_filter = ("direction", "status", "category", "created_at")
    search_fields = ("to_address", "from_address", "subject", "message_id")
    list_select_related = ("contact",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return standing.with_action(super().get_queryset(request))

    @admin.display(description=gettext_lazy("with"), ordering="contact__last_name")
    def who(self, message: Message) -> str:
        return str(message.contact)

    @admin.display(description=gettext_lazy("subject"), ordering="subject")
    def title(self, message: Message) -> str:
        return str(message)

    @admin.display(description=gettext_lazy("when"), ordering="pk")
    def when(self, message: Message) -> Any:
        return message.sent_at or message.created_at

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, message: Message) -> str:
        return standing.pill(message)

    @admin.display(description=gettext_lazy("reason"))
    def why(self, message: Message) -> str:
        return standing.why(message)

    def shown(self, mail: Message) -> dict[str, Any]:
        return {**super().shown(mail), "pill": standing.pill(mail), "why": standing.why(mail)}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.reply_view)
        return [path("<int:pk>/reply/", view, name="conversations_message_reply"), *super().get_urls()]

    def reply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """“They replied…”: what the contact answered to this mail, typed in by staff."""
        mail = get_object_or_404(Message, pk=pk, direction=Message.Direction.OUT)
        if not request.user.has_perm("conversations.add_message"):
            raise PermissionDenied
        form = ReplyForm(request.POST or None, initial={"subject": f"Re: {mail.subject}"}, label_suffix="")
        if request.method == "POST" and form.is_valid():
            reply = receive_reply(mail.contact, **form.cleaned_data, in_reply_to=mail.message_id)
            messages.success(request, _("The reply of %(contact)s is recorded.") % {"contact": mail.contact})
            return redirect(reply)
        context = {
            **self.admin_site.each_context(request), "title": _("They replied"), "opts": self.opts,
            "original": mail, "form": form, "media": self.media,
        }  # fmt: skip
        return render(request, "admin/conversations/reply.html", context)


class ReplyForm(forms.Form):
    """A reply that came by another way: on the phone, in person, to another mailbox."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=500, required=False)
    body = forms.CharField(
        label=gettext_lazy("What they wrote"), max_length=MAX_BODY, widget=forms.Textarea(attrs={"rows": 10})
    )


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
        word = _("Sent") if mail.times == 1 else _("Sent %(n)d times") % {"n": mail.times}
        return look.pill("done", word)

    def shown(self, mail: MailboxMail) -> dict[str, Any]:
        return {**super().shown(mail), "source": bytes(mail.raw[:SHOWN_SOURCE]).decode("utf-8", "replace")}


@admin.register(Suppression)
class SuppressionAdmin(_Admin):
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

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
