"""What happens to conversations, for API, admin, providers and whatever else brings messages in."""

from django.utils import timezone

from contacts.models import Contact
from conversations import statuses
from conversations.happenings import Happening, record_mail_event
from conversations.inbound import taking
from conversations.inbound.mails import receive_mail
from conversations.inbound.taking import MAX_BODY, Incoming, Taken, receive_message
from conversations.models import Message

__all__ = [
    "MAX_BODY", "Happening", "Incoming", "Taken", "receive_mail", "receive_message", "receive_reply",
    "record_mail_event", "record_status",
]  # fmt: skip

record_status = statuses.record


def receive_reply(
    contact: Contact,
    body: str,
    *,
    subject: str = "",
    in_reply_to: str = "",
    from_address: str = "",
    to_address: str = "",
    message_id: str = "",
    channel: str = Message.Channel.EMAIL,
) -> Message:
    """Records what a contact wrote, and tells of it. `in_reply_to` and `message_id` are Message-IDs.

    A reply whose Message-ID is known already is not recorded again: the first one comes back.
    """
    incoming = Incoming(
        channel=channel, from_address=from_address, body=body, to_address=to_address, subject=subject,
        message_id=message_id, references=(in_reply_to,) if in_reply_to else (), contact=contact,
    )  # fmt: skip
    return taking.from_contact(incoming, timezone.now())
