"""What was said to people and by them: messages, mails the mailbox kept, and which addresses are closed."""

from typing import Any

from django.db.models import Q, QuerySet

from conversations import composing, suppressing
from conversations.models import (
    Arrival,
    Attachment,
    ChannelIdentity,
    ConsoleMessage,
    Conversation,
    IvrCall,
    MailboxMail,
    Message,
    MessageEvent,
    NumberVerdict,
)  # fmt: skip
from triggers import holdings, privacy
from triggers.models import ActionRun
from triggers.privacy import Blank, Delete, Holding, Person

TEXTS = (
    "subject", "text", "html", "from_address", "to_address", "reply_to", "message_id", "in_reply_to", "reason",
)  # fmt: skip


def register() -> None:
    privacy.closers["addresses"] = suppressing.forget
    privacy.remnants["addresses"] = privacy.Remnant(suppressing.marks, suppressing.restore)
    privacy.register(
        Holding(
            "history of messages", "admin.LogEntry", _log,
            Blank({"object_repr": "", "change_message": ""}), turn=privacy.BEFORE,
        ),
        Holding(
            "mails", "conversations.MailboxMail", _mails, Delete(),
            told=("sent_at", "from_address", "to_addresses", "subject", "text"), turn=privacy.BEFORE,
        ),
        Holding(
            "texts on trial", "conversations.ConsoleMessage", _texts, Delete(),
            told=("sent_at", "channel", "from_address", "to_address", "text"), turn=privacy.BEFORE,
        ),
        Holding(
            "answered calls", "conversations.IvrCall", _calls, Delete(),
            told=("started_at", "ended_at", "from_number", "to_number", "digits", "speech", "script"),
        ),
        # Their files go with them (`triggers.files.go_with`).
        Holding(
            "attachments", "conversations.Attachment", _attachments, Delete(),
            told=("name", "content_type", "size", "source"), turn=privacy.BEFORE,
        ),
        Holding(
            "arrivals", "conversations.Arrival", _arrivals, Delete(),
            told=("at", "channel", "kind", "from_address", "to_address", "name", "subject", "text"),
            turn=privacy.BEFORE,
        ),
        Holding(
            "openings and clicks", "conversations.MessageEvent", _happenings, Delete(),
            told=("at", "kind", "url", "user_agent", "machine"),
        ),
        Holding(
            "conversation", "conversations.Conversation", _threads, Delete(), told=("status", "last_at"),
        ),
        Holding(
            "verdicts on numbers", "conversations.NumberVerdict", _verdicts, Delete(),
            told=("number", "verdict", "source", "code", "at"),
        ),
        Holding(
            "accounts on channels", "conversations.ChannelIdentity", _identities, Delete(),
            told=("channel", "address", "seen_at"),
        ),
        Holding(
            "messages", "conversations.Message", _messages,
            Blank({**dict.fromkeys(TEXTS, ""), "media": [], "links": [], "enclosed": []}),
            told=(
                "created_at", "sent_at", "direction", "channel", "status", "category", "from_address", "to_address",
                "subject", "text", "html", "reason", "call_status", "call_seconds", "disposition",
            ),
        ),
    )  # fmt: skip


def _messages(who: Person) -> QuerySet[Message]:
    return Message.objects.filter(contact__in=who.ids)


def _texts(who: Person) -> QuerySet[ConsoleMessage]:
    return ConsoleMessage.objects.filter(conversation__contact__in=who.ids)


def _calls(who: Person) -> QuerySet[IvrCall]:
    return IvrCall.objects.filter(contact__in=who.ids)


def _arrivals(who: Person) -> QuerySet[Arrival]:
    written = Q(from_address__in=[*who.emails, *who.phones])
    return Arrival.objects.filter(Q(message__contact__in=who.ids) | written)


def _attachments(who: Person) -> QuerySet[Attachment]:
    return Attachment.objects.filter(Q(message__contact__in=who.ids) | Q(arrival__in=_arrivals(who)))


def _happenings(who: Person) -> QuerySet[MessageEvent]:
    return MessageEvent.objects.filter(message__contact__in=who.ids)


def _threads(who: Person) -> QuerySet[Conversation]:
    return Conversation.objects.filter(contact__in=who.ids)


def _verdicts(who: Person) -> QuerySet[NumberVerdict]:
    return NumberVerdict.objects.filter(contact__in=who.ids)


def _identities(who: Person) -> QuerySet[ChannelIdentity]:
    return ChannelIdentity.objects.filter(contact__in=who.ids)


def _mails(who: Person) -> QuerySet[MailboxMail]:
    """Mails to the person, and those that their runs sent to staff."""
    keys = ActionRun.objects.filter(run__contact_id__in=who.ids).values_list("key", flat=True)
    own = [composing.message_id(key, part) for key in keys for part in ("", ".more")]
    return MailboxMail.objects.filter(Q(conversation__contact__in=who.ids) | Q(message_id__in=own))


def _log(who: Person) -> "QuerySet[Any]":
    messages = holdings.log_of(Message, _messages(who).values_list("pk", flat=True))
    return messages | holdings.log_of(MailboxMail, _mails(who).values_list("pk", flat=True))
