"""Messages as a person reads them, and what a contact answered by another way."""

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conversations import phoning, standing
from conversations.admin.reading import Read
from conversations.events.call_status_changed import STATUSES
from conversations.inbound import fetching
from conversations.models import Attachment, Disposition, Message
from conversations.services import MAX_BODY, receive_reply
from triggers import files

# As many openings and clicks as the page of a mail shows.
HAPPENED: Final = 50


@admin.register(Message)
class MessageAdmin(Read):
    """What was said to contacts and by them, with its state and the reason for it."""

    list_display = ("who", "title", "when", "state", "why", "direction")
    list_display_links = ("who", "title")
    list_filter = ("direction", "channel", "status", "disposition", "category", "created_at")
    search_fields = ("to_address", "from_address", "subject", "message_id", "provider_id")
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
        happened = list(mail.events.order_by("-pk")[:HAPPENED])
        said: dict[str, Any] = {"pill": standing.pill(mail), "why": standing.why(mail)}
        if mail.channel == Message.Channel.CALL:
            status = str(STATUSES.get(mail.call_status, ""))
            said |= {"call_status": _(status) if status else "", "dispositions": Disposition.objects.all()}
        return {**super().shown(mail), **said, "happened": happened, "files": mail.attachments.all()}

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/reply/", wrap(self.reply_view), name="conversations_message_reply"),
            path("<int:pk>/disposition/", wrap(require_POST(self.conclude)), name="conversations_message_disposition"),
            path("file/<int:pk>/", wrap(self.download), name="conversations_attachment_file"),
            path("file/<int:pk>/again/", wrap(require_POST(self.fetch_again)), name="conversations_attachment_again"),
            *super().get_urls(),
        ]

    def conclude(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Staff say what came of a call."""
        if not request.user.has_perm("conversations.change_message"):
            raise PermissionDenied
        call = get_object_or_404(Message, pk=pk, channel=Message.Channel.CALL)
        key = request.POST.get("disposition", "")
        said = get_object_or_404(Disposition, key=key[:60]) if key else None
        phoning.conclude(call, said)
        words = _("The outcome is “%(name)s”.") % {"name": said} if said else _("The call has no outcome.")
        messages.success(request, words)
        return redirect(call)

    def download(self, request: HttpRequest, pk: int) -> FileResponse:
        """A file that came with a message, always as a download."""
        found = _attachment(request, pk)
        return files.download(found.file, found.name)

    def fetch_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks once more for a file that could not be had."""
        found = _attachment(request, pk)
        if not request.user.has_perm("conversations.change_message"):
            raise PermissionDenied
        asked = fetching.retry(found, timezone.now())
        said = _("It is fetched once more.") if asked else _("There is nothing to fetch any more.")
        messages.info(request, said)
        return redirect(found.message or "admin:conversations_arrival_changelist")

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


def _attachment(request: HttpRequest, pk: int) -> Attachment:
    """The file, for those who may see what it came with."""
    found = get_object_or_404(Attachment.objects.select_related("message", "arrival"), pk=pk)
    if not request.user.has_perm(f"conversations.view_{'message' if found.message else 'arrival'}"):
        raise PermissionDenied
    return found


class ReplyForm(forms.Form):
    """A reply that came by another way: on the phone, in person, to another mailbox."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=500, required=False)
    body = forms.CharField(
        label=gettext_lazy("What they wrote"), max_length=MAX_BODY, widget=forms.Textarea(attrs={"rows": 10})
    )
