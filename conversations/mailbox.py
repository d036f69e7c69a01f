"""The mailbox: an e-mail backend that keeps each mail, exactly as it would be sent, for staff to read.

It is what `EMAIL_BACKEND` names while no mail server is set up, so that a first workflow can be tried
without one.
"""

from collections.abc import Sequence
from email.header import decode_header, make_header
from email.message import Message as Mime
from typing import Any, Final

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db.models import F

from conversations.models import MailboxMail, Message

# Longer sources and parts are cut: the mailbox is for reading, not for keeping attachments.
MAX_RAW: Final = 256 * 1024
MAX_PART: Final = 256 * 1024


class MailboxBackend(BaseEmailBackend):
    """Stores instead of sending. A mail handed over twice is one row, and its `times` says two."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        mails = [mail for mail in email_messages if mail.recipients()]
        for mail in mails:
            keep(mail)
        return len(mails)


def keep(mail: EmailMessage) -> MailboxMail:
    """The mailbox's row for this mail: a new one, or the one that already has its Message-ID."""
    mime = mail.message()
    row, made = MailboxMail.objects.get_or_create(
        message_id=str(mime["Message-ID"])[:255], defaults=_columns(mail, mime)
    )
    if not made:
        MailboxMail.objects.filter(pk=row.pk).update(times=F("times") + 1)
    return row


def _columns(mail: EmailMessage, mime: Any) -> dict[str, Any]:
    raw = mime.as_bytes(linesep="\r\n")
    return {
        "conversation": Message.objects.filter(message_id=str(mime["Message-ID"])[:255]).first(),
        "from_address": readable(mime["From"])[:320],
        "to_addresses": ", ".join(mail.recipients()),
        "subject": readable(mime["Subject"])[:998],
        "headers": [[name, readable(value)] for name, value in mime.items()],
        "text": _part(mime, "text/plain"),
        "html": _part(mime, "text/html"),
        "raw": raw[:MAX_RAW],
        "size": len(raw),
    }


def readable(header: object) -> str:
    """A header's value without its transport encoding (RFC 2047) and folding."""
    return " ".join(str(make_header(decode_header(str(header or "")))).split())


def _part(mime: Mime, kind: str) -> str:
    """The first part of this type that is no attachment, decoded; empty when there is none."""
    for part in mime.walk():
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode(part.get_content_charset() or "utf-8", "replace")[:MAX_PART]
    return ""
