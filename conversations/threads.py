"""How a contact's thread goes on: what comes in opens it, what staff do closes and assigns it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from conversations.models import Conversation, Message

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Status = Conversation.Status


@transaction.atomic
def received(message: Message, now: datetime) -> int:
    """The contact wrote: the thread is open, whatever it was, and has one more message unread. Its primary key."""
    thread, _made = Conversation.objects.get_or_create(contact_id=message.contact_id, defaults={"last_at": now})
    Conversation.objects.filter(pk=thread.pk).update(
        status=Status.OPEN, unread=F("unread") + 1, last_message=message, last_at=now
    )
    return thread.pk


def sent(message: Message, now: datetime) -> None:
    """Something went to the contact. A thread that begins with it waits for nobody; others stay as they are."""
    row = Conversation(contact_id=message.contact_id, status=Status.CLOSED, last_message=message, last_at=now)
    Conversation.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["contact"], update_fields=["last_message", "last_at"]
    )


def read(thread: Conversation) -> None:
    """Somebody looked at it."""
    Conversation.objects.filter(pk=thread.pk, unread__gt=0).update(unread=0)


def close(thread: Conversation) -> bool:
    """Nothing is to be answered; whether that was news. The next message opens it again."""
    return bool(Conversation.objects.filter(pk=thread.pk, status=Status.OPEN).update(status=Status.CLOSED, unread=0))


def reopen(thread: Conversation) -> bool:
    return bool(Conversation.objects.filter(pk=thread.pk, status=Status.CLOSED).update(status=Status.OPEN))


def assign(thread: Conversation, user: "User | None") -> bool:
    """Gives it to a user, or to nobody; whether that was news."""
    others = Conversation.objects.filter(pk=thread.pk)
    others = others.exclude(assignee=user) if user is not None else others.filter(assignee__isnull=False)
    return bool(others.update(assignee=user))


def join(into: int, other: int, now: datetime) -> None:
    """Two contacts become one: of their threads one stays, open where either was, with what is unread in both."""
    rows = {row.contact_id: row for row in Conversation.objects.select_for_update().filter(contact__in=(into, other))}
    gone, stays = rows.get(other), rows.get(into)
    if gone is None or stays is None:
        return
    newer = gone if gone.last_at > stays.last_at else stays
    stays.unread += gone.unread
    stays.status = Status.OPEN if Status.OPEN in (gone.status, stays.status) else Status.CLOSED
    stays.last_at, stays.last_message_id = newer.last_at, newer.last_message_id
    stays.assignee_id = stays.assignee_id or gone.assignee_id
    stays.save()
    gone.delete()
