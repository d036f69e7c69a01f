"""Calls as their provider reports them: each is one message of its contact, with an event for each status."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contacts import phones, services
from contacts.models import Contact
from conversations import threads
from conversations.events.call_status_changed import STATUSES, CallStatusChanged
from conversations.models import Message
from conversations.statuses import Recorded
from triggers.outbox import emit_once

Status, Direction = Message.Status, Message.Direction
# How a call to a contact stands as a message; the later counts, in whatever order reports come.
_STANDS: Final = {
    "initiated": Status.SENT, "ringing": Status.SENT, "in-progress": Status.DELIVERED, "voicemail": Status.DELIVERED,
    "completed": Status.DELIVERED, "busy": Status.UNDELIVERED, "no-answer": Status.UNDELIVERED,
    "failed": Status.FAILED, "canceled": Status.FAILED,
}  # fmt: skip
_RANKS: Final = {Status.SENT: 1, Status.DELIVERED: 2, Status.UNDELIVERED: 3, Status.FAILED: 3}


@dataclass(frozen=True)
class Call:
    """One report on a call. `seconds` it lasted, where it says so; `is_incoming`: a contact rang us."""

    call_id: str
    is_incoming: bool
    status: str
    from_number: str
    to_number: str
    seconds: int | None = None
    recording_url: str = ""


@transaction.atomic
def record(call: Call, gateway: str, at: datetime, now: datetime) -> Recorded:
    """Takes in one report. A status that was told before changes nothing, and none goes back."""
    if call.status not in STATUSES:
        return Recorded(None, why=_("“%(status)s” is no status of a call.") % {"status": call.status[:40]})
    theirs, ours = (e164(text) for text in _sides(call))
    known = (
        Message.objects.filter(gateway=gateway[:120], provider_id=call.call_id[:200]).select_related("contact").first()
    )
    contact = known.contact if known else _contact(call, theirs)
    if contact is None:
        return Recorded(None, why=_("Nobody has this number, or it was hidden."))
    message = _message(call, contact, gateway, at, now)
    told = CallStatusChanged(
        message_id=message.pk, contact_id=message.contact_id, workflow_id=message.workflow_id, run_id=message.run_id,
        call_id=call.call_id, direction=message.direction, status=call.status, from_number=call.from_number,
        to_number=call.to_number, our_number=ours, duration=call.seconds, recording_url=call.recording_url,
    )  # fmt: skip
    _event, new = emit_once(f"call:{gateway}:{call.call_id}:{call.status}"[:200], told, occurred_at=at)
    return Recorded(message, changed=new, why="" if new else _("It is known already."))


def _sides(call: Call) -> tuple[str, str]:
    """The contact's number and ours."""
    sides = (call.from_number, call.to_number)
    return sides if call.is_incoming else (sides[1], sides[0])


def e164(text: str) -> str:
    """The number in E.164; empty where it is none, as hidden numbers come."""
    try:
        return phones.parse(text)
    except ValidationError:
        return ""


def _contact(call: Call, number: str) -> Contact | None:
    """Whose number it is. Who rings us becomes a contact; who is rung was one, or is none of ours."""
    return caller(number) if call.is_incoming else owner(number)


def owner(number: str) -> Contact | None:
    """Whose number it is (E.164), also among further ones; None where nobody has it."""
    match = {"phone": number}
    return (services.find(match) or services.find_further(match)) if number else None


def caller(number: str) -> Contact | None:
    """Who rings us from this number (E.164), made a contact where nobody has it; None where it was hidden."""
    if not number:
        return None
    return services.find_or_create({"phone": number}, {"source": _("Call")}, further=True)[0]


def _message(call: Call, contact: Contact, gateway: str, at: datetime, now: datetime) -> Message:
    """The call in the contact's thread, as it stands by now."""
    message, made = Message.objects.select_for_update(of=("self",)).get_or_create(
        gateway=gateway[:120], provider_id=call.call_id[:200],
        defaults={
            "contact": contact, "channel": Message.Channel.CALL, "created_at": now, "status_at": at,
            "direction": Direction.IN if call.is_incoming else Direction.OUT,
            "status": Status.RECEIVED if call.is_incoming else _STANDS[call.status],
            "from_address": call.from_number[:320], "to_address": call.to_number[:320],
            "sent_at": None if call.is_incoming else at,
        },
    )  # fmt: skip
    if made:
        (threads.received if call.is_incoming else threads.sent)(message, now)
    elif not call.is_incoming and _RANKS[_STANDS[call.status]] > _RANKS.get(Status(message.status), 0):
        message.status, message.status_at = _STANDS[call.status], at
    if call.recording_url and call.recording_url not in message.media:
        message.media = [*message.media, call.recording_url]
    message.text = _in_words(call) if made or call.seconds is not None else message.text
    message.save(update_fields=["status", "status_at", "media", "text"])
    return message


def _in_words(call: Call) -> str:
    if call.seconds is None:
        return _("Call")
    minutes, seconds = divmod(call.seconds, 60)
    return _("Call, %(minutes)d:%(seconds)02d minutes") % {"minutes": minutes, "seconds": seconds}
