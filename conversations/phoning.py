"""Calls as their provider reports them: each is one message of its contact, with an event for each status."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contacts import phones, services
from contacts.models import Contact
from conversations import threads
from conversations.events.call_status_changed import STATUSES, CallStatusChanged
from conversations.models import Conversation, Disposition, Message
from conversations.statuses import Recorded
from triggers.outbox import emit, emit_once

Status, Direction = Message.Status, Message.Direction
# How a call to a contact stands as a message; the later counts, in whatever order reports come.
_STANDS: Final = {
    "initiated": Status.SENT, "ringing": Status.SENT, "in-progress": Status.DELIVERED, "voicemail": Status.DELIVERED,
    "completed": Status.DELIVERED, "busy": Status.UNDELIVERED, "no-answer": Status.UNDELIVERED,
    "failed": Status.FAILED, "canceled": Status.FAILED,
}  # fmt: skip
_RANKS: Final = {Status.SENT: 1, Status.DELIVERED: 2, Status.UNDELIVERED: 3, Status.FAILED: 3}
# How far a call has got, whichever way it ended.
_PROGRESS: Final = {"": 0, "initiated": 1, "ringing": 2, "in-progress": 3}
_ENDED: Final = 4


class NoCall(ValueError):
    """The message is no call; the text is for whoever took it for one."""


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
        **_of(message), call_id=call.call_id, status=call.status, from_number=call.from_number,
        to_number=call.to_number, our_number=ours, duration=call.seconds, recording_url=call.recording_url,
    )  # fmt: skip
    _event, new = emit_once(f"call:{gateway}:{call.call_id}:{call.status}"[:200], told, occurred_at=at)
    return Recorded(message, changed=new, why="" if new else _("It is known already."))


@transaction.atomic
def conclude(message: Message, disposition: Disposition | None) -> bool:
    """Staff say what came of a call, or take it back with None; whether that was news. Raises NoCall.

    Each new outcome is told as `call.status_changed`; nothing is told of one that is taken back.
    """
    call = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if call.channel != Message.Channel.CALL:
        raise NoCall(_("Only a call has an outcome."))
    if call.disposition_id == (disposition.pk if disposition else None):
        return False
    call.disposition = disposition
    call.save(update_fields=["disposition"])
    if disposition is not None:
        ours = call.to_address if call.direction == Direction.IN else call.from_address
        told = CallStatusChanged(
            **_of(call), call_id=call.provider_id, status=call.call_status or "completed",
            from_number=call.from_address, to_number=call.to_address, our_number=e164(ours),
            duration=call.call_seconds, recording_url=next(iter(call.media[-1:]), ""), disposition=disposition.key,
        )  # fmt: skip
        emit(told)
    return True


def _of(message: Message) -> dict[str, Any]:
    """What every event of a call says of its message."""
    thread = Conversation.objects.filter(contact=message.contact_id).values_list("pk", flat=True).first()
    return {
        "message_id": message.pk, "contact_id": message.contact_id, "workflow_id": message.workflow_id,
        "run_id": message.run_id, "direction": message.direction, "conversation_id": thread,
    }  # fmt: skip


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
    message.call_seconds = message.call_seconds if call.seconds is None else call.seconds
    if _PROGRESS.get(call.status, _ENDED) > _PROGRESS.get(message.call_status, _ENDED):
        message.call_status = call.status
    message.save(update_fields=["status", "status_at", "media", "text", "call_seconds", "call_status"])
    return message


def _in_words(call: Call) -> str:
    if call.seconds is None:
        return _("Call")
    minutes, seconds = divmod(call.seconds, 60)
    return _("Call, %(minutes)d:%(seconds)02d minutes") % {"minutes": minutes, "seconds": seconds}
