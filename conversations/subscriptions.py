"""Leaving the list and coming back: what the link at the end of every marketing mail does (RFC 8058)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.db import transaction
from django.db.models import QuerySet

from contacts import phones
from contacts.models import Contact
from contacts.services import Asked, set_dnd
from conversations import suppressing
from conversations.addresses import normalised
from conversations.events.email_unsubscribed import EmailUnsubscribed
from conversations.mail_events import payload
from conversations.models import Message, Suppression
from conversations.suppressing import on_channel
from triggers.context import act_as
from triggers.outbox import emit

# The token is good for this purpose alone. It holds no address, and it does not expire: a person may
# leave by a mail of years ago.
SALT: Final = "conversations.unsubscribe"
ORIGIN: Final = "unsubscribe link"
BY_CONTACT: Final = Asked("inbound", ORIGIN)


def unsubscribe_url(key: UUID) -> str:
    """The address of the page for the message with this key; the same on every try."""
    return f"{settings.PUBLIC_URL}/u/{Signer(salt=SALT).sign(key.hex)}/"


def message_of(token: str) -> Message | None:
    """The message whose link holds the token; None when it was erased or blanked. Raises BadSignature when forged."""
    key = UUID(hex=Signer(salt=SALT).unsign(token))
    return Message.objects.filter(key=key).exclude(to_address="").first()


@transaction.atomic
def unsubscribe(message: Message, now: datetime) -> bool:
    """Closes e-mail for the contact, suppresses the address, and tells of it. Twice is as good as once; whether it
    was news.

    The contact's row is locked first, as the gate does: a send whose gate comes after this commit is refused.
    """
    with act_as(origin=ORIGIN):
        _close(message)
        new = suppressing.close(message.to_address, Suppression.Reason.UNSUBSCRIBE, now)
        if new:
            emit(EmailUnsubscribed(**payload(message)))
    return new


@transaction.atomic
def resubscribe(message: Message) -> None:
    """Takes an unsubscription back. Without one nothing changes: what staff closed stays closed."""
    lifted, _by_model = _unsubscription(message).delete()
    if lifted and not message.contact.dnd.get("all"):
        with act_as(origin=ORIGIN):
            set_dnd(message.contact, ["email"], False, BY_CONTACT)


@transaction.atomic
def stop(channel: str, address: str, now: datetime) -> None:
    """STOP by a text message: nobody writes to the number on this channel any more, whoever has it, now or later."""
    asked = Asked("inbound", f"STOP by {channel}")
    for contact in _numbered(address):
        set_dnd(contact, [channel], True, asked)
    suppressing.close(on_channel(channel, address), Suppression.Reason.UNSUBSCRIBE, now)


@transaction.atomic
def start(channel: str, address: str) -> None:
    """START takes a STOP back. What staff closed stays closed."""
    closed = Suppression.objects.filter(
        address=on_channel(channel, address), reason=Suppression.Reason.UNSUBSCRIBE
    ).delete()[0]
    for contact in _numbered(address) if closed else ():
        if not contact.dnd.get("all"):
            set_dnd(contact, [channel], False, Asked("inbound", f"START by {channel}"))


def _numbered(address: str) -> list[Contact]:
    """Everybody who has the number, in one order, so that no two such orders wait for each other."""
    try:
        number = phones.parse(address)
    except ValidationError:
        return []
    return list(Contact.objects.filter(phone=number).order_by("pk"))


def is_unsubscribed(message: Message) -> bool:
    """Whether the address the message went to has unsubscribed."""
    return _unsubscription(message).exists()


def _close(message: Message) -> None:
    try:
        set_dnd(message.contact, ["email"], True, BY_CONTACT)
    except Contact.DoesNotExist:
        # Merged at this very moment: the message has moved to the survivor.
        message.refresh_from_db(fields=["contact"])
        set_dnd(message.contact, ["email"], True, BY_CONTACT)


def _unsubscription(message: Message) -> QuerySet[Suppression]:
    return Suppression.objects.filter(address=normalised(message.to_address), reason=Suppression.Reason.UNSUBSCRIBE)
