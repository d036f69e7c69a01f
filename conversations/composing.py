"""A mail as it is sent: Message-ID, the headers and the footer that marketing needs, a text part always."""

import html
import re
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import nh3
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from conversations import attaching
from conversations.addresses import normalised
from conversations.models import MailAccount, Message
from conversations.subscriptions import unsubscribe_url
from triggers.models import Organisation

_BREAKS: Final = re.compile(r"<br\s*/?>|</(?:p|div|h[1-6]|li|tr|table|blockquote)\s*>", re.IGNORECASE)
_BODY_END: Final = re.compile(r"</body\s*>", re.IGNORECASE)
_UNREAD: Final = {"head", "title", "style", "script"}


def message_id(key: UUID, part: str = "") -> str:
    """The Message-ID of the action run's mail: the same on every try, so that two copies can be told as one."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{key.hex}{part}@{f'[IPv6:{host}]' if ':' in host else host}>"


def sender(organisation: Organisation, asked_for: str = "") -> str:
    """Who a mail comes from: what the action says, else the organisation's sender, else the setting's."""
    return asked_for or organisation.sender or settings.DEFAULT_FROM_EMAIL


def plain_of(markup: str) -> str:
    """The text part for an HTML mail that was written without one."""
    text = html.unescape(nh3.clean(_BREAKS.sub("\n", markup), tags=set(), clean_content_tags=_UNREAD))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def with_footer(text: str, markup: str, organisation: Organisation, key: UUID) -> tuple[str, str]:
    """Text and HTML of a marketing mail with the postal address and the way out below."""
    url, address = unsubscribe_url(key), organisation.postal_address.strip()
    leave = _("Unsubscribe")
    text = "\n".join([text.rstrip(), "", "-- ", *address.splitlines(), f"{leave}: {url}", ""])
    if markup:
        lines = [str(conditional_escape(line)) for line in address.splitlines()]
        foot = "<br>".join([*lines, f'<a href="{url}">{leave}</a>'])
        markup = before_body_end(markup, f"<hr><p>{foot}</p>")
    return text, markup


def mail_of(message: Message) -> EmailMultiAlternatives:
    """The mail for a stored message, ready to be handed over."""
    mail = EmailMultiAlternatives(
        subject=message.subject, body=message.text, from_email=message.from_address,
        to=[message.to_address], reply_to=[message.reply_to] if message.reply_to else None,
        headers={"Message-ID": message.message_id, **_answering(message), **_marked(message), **_leaving(message)},
    )  # fmt: skip
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for each in message.enclosed:
        mail.attach(attaching.part_of(each))
    return mail


def answers_to(address: str, key: UUID) -> str:
    """Where answers go: with the message's key in it, where that mailbox takes name+anything@ and is ours to read."""
    plain = normalised(address)
    own = MailAccount.objects.filter(active=True, plus_addressing=True, address__iexact=plain)
    if not address or not own.exists():
        return address
    local, _at, domain = plain.rpartition("@")
    return f"{local}+{key.hex}@{domain}"


def _marked(message: Message) -> dict[str, str]:
    """What Postmark tells again of the mail: it sends it under a Message-ID of its own, and reports none of ours."""
    if not settings.EMAIL_HOST.endswith("postmarkapp.com"):
        return {}
    return {"X-PM-KeepID": "true", "X-PM-Metadata-message": message.message_id}


def _answering(message: Message) -> dict[str, str]:
    """By which mail programs put an answer below what it answers (RFC 5322, 3.6.4)."""
    known = message.in_reply_to
    return {"In-Reply-To": known, "References": known} if known else {}


def _leaving(message: Message) -> dict[str, str]:
    """The one-click headers of marketing mail (RFC 2369, RFC 8058)."""
    if message.category != Message.Category.MARKETING or message.key is None:
        return {}
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(message.key)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def before_body_end(markup: str, foot: str) -> str:
    ends = list(_BODY_END.finditer(markup))
    at = ends[-1].start() if ends else len(markup)
    return markup[:at] + foot + markup[at:]
