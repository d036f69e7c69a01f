"""What happens to conversations: a reply comes in."""

from typing import Final

from django.db import transaction

from contacts.models import Contact
from conversations.events.message_customer_replied import MessageCustomerReplied
from conversations.models import Message
from triggers.outbox import emit

# Longer bodies are cut: what is judged and merged into answers is at most this long.
MAX_BODY: Final = 64 * 1024


@transaction.atomic
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
    answered = _answered(contact, in_reply_to)
    columns = {
        "contact": contact, "direction": Message.Direction.IN, "channel": channel,
        "subject": subject[:500], "text": body[:MAX_BODY], "in_reply_to": in_reply_to[:255],
        "from_address": (from_address or contact.email)[:320], "to_address": to_address[:320],
        "status": Message.Status.RECEIVED,
        "workflow_id": answered.workflow_id if answered else None,
        "run_id": answered.run_id if answered else None,
    }  # fmt: skip
    if message_id:
        message, made = Message.objects.get_or_create(message_id=message_id[:255], defaults=columns)
    else:
        message, made = Message.objects.create(**columns), True
    if made:
        _tell(message, answered)
    return message


def _answered(contact: Contact, in_reply_to: str) -> Message | None:
    """The mail this is an answer to, if it went to the same contact."""
    if not in_reply_to:
        return None
    return Message.objects.filter(message_id=in_reply_to[:255], contact=contact).first()


def _tell(message: Message, answered: Message | None) -> None:
    emit(
        MessageCustomerReplied(
            message_id=message.pk, contact_id=message.contact_id, channel=message.channel,
            subject_line=message.subject, body=message.text, workflow_id=message.workflow_id,
            in_reply_to_message_id=answered.pk if answered else None,
        )
    )  # fmt: skip
