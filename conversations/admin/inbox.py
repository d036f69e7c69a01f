"""The inbox: who waits for an answer, and each thread over all channels with a box to answer in."""

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from contacts.admin.filters import AssigneeFilter
from conversations import replying, standing, threads
from conversations.models import Conversation, Message
from triggers.admin.buttons import Buttons, button
from triggers.admin.pages import Page, ReadOnly, link
from triggers.admin.typed import ModelAdmin
from triggers.wording import look, moments

# As many messages as a page shows; older ones are a page further.
SHOWN: Final = 50
LINE: Final = 100


class StateFilter(admin.SimpleListFilter):
    """What waits for an answer, unless something else is asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("unread", gettext_lazy("Unread")), ("done", gettext_lazy("Done")), ("all", gettext_lazy("All"))]

    def choices(self, changelist: Any) -> Any:
        """“All” is one of ours; without a choice it is what is open."""
        shown = list(super().choices(changelist))
        return [{**shown[0], "display": _("Open")}, *shown[1:]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> QuerySet[Conversation]:
        chosen = self.value()
        if chosen == "unread":
            return queryset.filter(unread__gt=0)
        if chosen == "done":
            return queryset.filter(status=Conversation.Status.CLOSED)
        return queryset if chosen == "all" else queryset.filter(status=Conversation.Status.OPEN)


class Assigned(AssigneeFilter):
    """Whose thread it is."""


class ReplyForm(forms.Form):
    """The box below a thread."""

    channel = forms.CharField(max_length=10)
    subject = forms.CharField(max_length=500, required=False)
    text = forms.CharField(max_length=replying.LONGEST, required=False)


@admin.register(Conversation)
class ConversationAdmin(Buttons, Page, ReadOnly, ModelAdmin[Conversation]):
    """Threads, the latest first; each opens to what was said on every channel."""

    page_template = "admin/conversations/conversation/page.html"
    # the list is the inbox; what stands in it are
    rows_called = gettext_lazy("conversations")
    list_display = ("who", "said", "when", "assignee", "state")
    list_filter = (StateFilter, Assigned)
    list_select_related = ("contact", "assignee", "last_message")
    search_fields = ("contact__first_name", "contact__last_name", "contact__email", "contact__phone")
    list_per_page = 50

    def get_urls(self) -> list[Any]:
        reply = self.admin_site.admin_view(require_POST(self.reply))
        return [path("<int:pk>/reply/", reply, name="conversations_conversation_reply"), *super().get_urls()]

    @admin.display(description=gettext_lazy("with"), ordering="contact__last_name")
    def who(self, thread: Conversation) -> SafeString:
        name = str(thread.contact)
        return format_html("<strong>{}</strong>", name) if thread.unread else format_html("{}", name)

    @admin.display(description=gettext_lazy("last message"))
    def said(self, thread: Conversation) -> str:
        last = thread.last_message
        if last is None:
            return ""
        line = " ".join((last.text or last.subject).split())
        line = line if len(line) <= LINE else line[: LINE - 1] + "…"
        return _("We: %(text)s") % {"text": line} if last.direction == Message.Direction.OUT else line

    @admin.display(description=gettext_lazy("when"), ordering="last_at")
    def when(self, thread: Conversation) -> str:
        return moments.short(thread.last_at)

    @admin.display(description=gettext_lazy("state"))
    def state(self, thread: Conversation) -> SafeString:
        if thread.unread:
            return look.pill("counted", ngettext("%(n)d unread", "%(n)d unread", thread.unread) % {"n": thread.unread})
        return look.pill("open" if thread.status == "open" else "done", thread.get_status_display())

    def page(self, request: HttpRequest, obj: Conversation) -> dict[str, Any]:
        """The thread; looking at it reads it, for those who may answer."""
        now, unread = timezone.now(), obj.unread
        may_write = request.user.has_perm("conversations.add_message")
        if may_write and request.method == "GET":
            threads.read(obj)
        shown, older = _messages(obj, request.GET.get("before", ""))
        ways = replying.ways(obj.contact, now) if may_write else []
        return {
            "title": str(obj.contact), "shown": shown, "older": older, "pill": self.state(obj),
            "sentence": _sentence(obj, unread), "ways": ways, "open_ways": [way for way in ways if not way.refusal],
            "subject": replying.answering(replying.last_mail(obj.contact)), "may_write": may_write,
            "buttons": self.offered(request, obj), "next_thread": self._next(request, obj),
            "contact_url": obj.contact.get_absolute_url(), "text": "", "channel": "",
            "contact_link": link(obj.contact.get_absolute_url(), obj.contact),
        }  # fmt: skip

    def reply(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Takes what staff wrote; where it may not be sent, the page comes back with the text and the reason."""
        if not request.user.has_perm("conversations.add_message"):
            raise PermissionDenied
        thread = get_object_or_404(Conversation.objects.select_related("contact"), pk=pk)
        form = ReplyForm(request.POST)
        given = form.cleaned_data if form.is_valid() else {}
        try:
            if not given:
                raise replying.NotTaken(_("It is too long, or says nothing of the channel."))
            replying.write(
                thread.contact, given["channel"], given["text"], request.user,  # type: ignore[arg-type]
                timezone.now(), given["subject"],
            )  # fmt: skip
        except replying.NotTaken as refused:
            again = {"problem": str(refused), "text": request.POST.get("text", "")[: replying.LONGEST]}
            kept = {"channel": request.POST.get("channel", ""), "subject": request.POST.get("subject", "")[:500]}
            return self.change_view(request, str(pk), extra_context={**again, **kept})
        if thread.assignee_id is None:
            threads.assign(thread, request.user)  # type: ignore[arg-type]
        messages.success(request, _("On its way to %(contact)s.") % {"contact": thread.contact})
        return redirect(reverse("admin:conversations_conversation_change", args=[pk]) + "#answer")

    @button(gettext_lazy("Mark done"), permission="conversations.change_conversation", icon="done",
            when=lambda thread: thread.status == "open")  # fmt: skip
    def done(self, request: HttpRequest, thread: Conversation) -> str | HttpResponse:
        threads.close(thread)
        messages.success(request, _("Done. The next message of %(contact)s opens it again.") % {"contact": thread})
        following = self._next(request, thread)
        return redirect(following or "admin:conversations_conversation_changelist")

    @button(gettext_lazy("Open again"), permission="conversations.change_conversation", icon="again",
            when=lambda thread: thread.status == "closed")  # fmt: skip
    def reopen(self, request: HttpRequest, thread: Conversation) -> str:
        return _("Open again.") if threads.reopen(thread) else _("It is open already.")

    @button(gettext_lazy("Take it"), permission="conversations.change_conversation", icon="person",
            when=lambda thread: thread.assignee_id is None)  # fmt: skip
    def take(self, request: HttpRequest, thread: Conversation) -> str:
        threads.assign(thread, request.user)  # type: ignore[arg-type]
        return _("It is yours.")

    @button(gettext_lazy("Assign"), permission="conversations.change_conversation", icon="people",
            asks=gettext_lazy("User name; empty gives it to nobody"))  # fmt: skip
    def assign(self, request: HttpRequest, thread: Conversation) -> str:
        name = request.POST.get("said", "").strip()
        colleague = replying.colleague(name) if name else None
        if name and colleague is None:
            return _("There is no user “%(name)s”.") % {"name": name}
        threads.assign(thread, colleague)
        return _("Assigned to %(name)s.") % {"name": colleague} if colleague else _("It is nobody's now.")

    def _next(self, request: HttpRequest, thread: Conversation) -> str:
        """The thread that has waited longest besides this one; empty where none waits."""
        waiting = Conversation.objects.filter(status=Conversation.Status.OPEN).exclude(pk=thread.pk).order_by("last_at")
        found = waiting.values_list("pk", flat=True).first()
        return reverse("admin:conversations_conversation_change", args=[found]) if found else ""


def _messages(thread: Conversation, before: str) -> tuple[list[Message], int | None]:
    """A page of the thread's messages, oldest first, and before which the page that goes before it ends."""
    found = standing.with_action(Message.objects.filter(contact=thread.contact_id)).select_related(
        "author", "disposition"
    )
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    newest = list(found.defer("html").prefetch_related("attachments").order_by("-pk")[: SHOWN + 1])
    shown = newest[:SHOWN][::-1]
    return shown, shown[0].pk if len(newest) > SHOWN else None


def _sentence(thread: Conversation, unread: int) -> str:
    if thread.status == Conversation.Status.CLOSED:
        return _("Nothing to answer.")
    if unread:
        words = {"n": unread, "contact": thread.contact}
        return ngettext("%(contact)s wrote a message.", "%(contact)s wrote %(n)d messages.", unread) % words
    return _("Open since %(contact)s wrote. Answer, or mark it done.") % {"contact": thread.contact}
