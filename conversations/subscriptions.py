"""Leaving the list and coming back: what the link at the end of every marketing mail does (RFC 8058)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.signing import Signer
from django.db import transaction
from django.db.models import QuerySet

from contacts.models import Contact
from contacts.services import Asked, set_dnd
from conversations.addresses import normalised
from conversations.models import Message, Suppression
from triggers.context import act_as

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
def unsubscribe(message: Message, now: datetime) -> None:
    """Closes e-mail for the contact and suppresses the address. Twice is as good as once.

    The contact's row is locked first, as the gate does: a send whose gate comes after this commit is refused.
    """
    with act_as(origin=ORIGIN):
        _close(message)
    Suppression.objects.get_or_create(
        address=normalised(message.to_address), reason=Suppression.Reason.UNSUBSCRIBE, defaults={"at": now}
    )


@transaction.atomic
def resubscribe(message: Message) -> None:
    """Takes an unsubscription back. Without one nothing changes: what staff closed stays closed."""
    lifted, _by_model = _unsubscription(message).delete()
    if lifted and not message.contact.dnd.get("all"):
        with act_as(origin=ORIGIN):
            set_dnd(message.contact, ["email"], False, BY_CONTACT)


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
