"""Staff write to a contact by hand: the gate is asked before it is taken, and again when it is sent.

What is taken is a message with `due_at`; the sweep finds it where a poke was lost.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from contacts import phones
from contacts.models import Contact
from conversations import addresses, composing, gate, gateways, outgoing, texting
from conversations.addresses import BadAddress
from conversations.delivering import deliver
from conversations.gateways import Delivery, NoGateway
from conversations.models import Message
from conversations.outgoing import Draft
from triggers import sweeping
from triggers.action_types import Fail, Hold, Retry
from triggers.models import Organisation
from triggers.models.event import Lane

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Channel, Status = Message.Channel, Message.Status
TASK: Final = ("conversations.send_replies", "outside")
CHORE: Final = "replies"
# After so many tries it is for a person to send it again.
PAUSES: Final = (30, 120, 600, 3600)
LONGEST: Final = 20_000


@dataclass(frozen=True)
class Way:
    """A channel by which the contact can be written to, the address there, and why that may not be now."""

    channel: str
    label: str
    address: str
    refusal: str = ""


class NotTaken(ValueError):
    """The message is not sent; the text is for whoever wrote it."""


def ways(contact: Contact, now: datetime) -> list[Way]:
    """Every way to the contact, those that are closed with the reason; the one that was written by last is first."""
    last = (
        Message.objects.filter(contact=contact, direction=Message.Direction.IN)
        .order_by("-pk").values_list("channel", flat=True).first()
    )  # fmt: skip
    found = []
    for channel in (Channel.EMAIL, *gateways.CARRIED):
        address = address_on(contact, channel)
        if address:
            verdict = gate.look(contact, channel, address, Message.Category.TRANSACTIONAL, now)
            refusal = "" if isinstance(verdict, gate.Allowed) else verdict.reason
            found.append(Way(channel, str(channel.label), address, refusal))
    return sorted(found, key=lambda way: (way.channel != last, bool(way.refusal)))


def address_on(contact: Contact, channel: str) -> str:
    """The contact's address on the channel; empty where there is none, or it is none."""
    if channel == Channel.EMAIL:
        return contact.email
    if channel not in texting.BY_NUMBER:
        return texting.identity(contact.pk, channel)
    try:
        return phones.parse(contact.phone, contact.country) if contact.phone else ""
    except ValidationError:
        return ""


@transaction.atomic
def write(
    contact: Contact, channel: str, text: str, author: "User | None", now: datetime, subject: str = ""
) -> Message:
    """Takes a message to be sent at once. Raises NotTaken with what stands against it; then nothing is stored."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise NotTaken(_("Write something first."))
    try:
        draft = _draft(contact, channel, text[:LONGEST], subject)
    except (BadAddress, NoGateway) as error:
        raise NotTaken(str(error)) from error
    verdict = gate.send_gate(contact.pk, channel, draft.to_address, draft.category, now)
    if not isinstance(verdict, gate.Allowed):
        raise NotTaken(verdict.reason)
    message = outgoing.keep(draft, author, now)
    sweeping.wake(CHORE)
    return message


def letter(contact: Contact, subject: str, text: str, now: datetime) -> bool:
    """Carries what another app writes to a contact by mail (`contacts.letters`); False where it may not be sent."""
    try:
        write(contact, Channel.EMAIL, text, None, now, subject)
    except NotTaken:
        return False
    return True


def due_lanes(now: datetime) -> set[Lane]:
    return {Lane.FAST} if Message.objects.filter(due_at__lte=now).exists() else set()


def work(lane: Lane, now: datetime) -> int:
    """Sends one message that is due; whether there was one."""
    message = _claimed(now)
    if message is None:
        return 0
    if message.status == Status.UNCERTAIN:
        _send(message, now)
    return 1


def _draft(contact: Contact, channel: str, text: str, subject: str) -> Draft:
    key, address = uuid4(), address_on(contact, channel)
    if not address:
        raise BadAddress(_("%(contact)s cannot be reached by this channel.") % {"contact": contact})
    same: dict[str, Any] = {
        "key": key,
        "contact_id": contact.pk,
        "category": Message.Category.TRANSACTIONAL,
        "channel": channel,
    }
    if channel != Channel.EMAIL:
        line = gateways.line(channel)
        if len(text) > texting.LONGEST:
            words = {"n": len(text), "most": texting.LONGEST}
            raise BadAddress(_("The message has %(n)d characters; %(most)d are the most.") % words)
        return Draft(
            **same, text=text, to_address=address, from_address=line.sender, gateway=line.gateway.key,
            workflow_id=None, run_id=None,
        )  # fmt: skip
    organisation, answered = Organisation.get(), last_mail(contact)
    return Draft(
        **same, text=text, to_address=addresses.read(address),
        from_address=addresses.read(composing.sender(organisation)),
        reply_to=composing.answers_to(organisation.reply_to, key), message_id=composing.message_id(key),
        subject=" ".join(subject.split())[:500] or answering(answered),
        in_reply_to=answered.message_id if answered else "", workflow_id=None, run_id=None,
    )  # fmt: skip


def colleague(name: str) -> "User | None":
    """An active member of staff by user name."""
    return get_user_model()._default_manager.filter(username=name, is_active=True, is_staff=True).first()


def last_mail(contact: Contact) -> Message | None:
    """The latest mail of the contact."""
    mails = Message.objects.filter(contact=contact, channel=Channel.EMAIL, direction=Message.Direction.IN)
    return mails.order_by("-pk").first()


def answering(mail: Message | None) -> str:
    """The subject of an answer to the contact's mail."""
    if mail is None or not mail.subject:
        return _("Your message") if mail else _("A message from us")
    return mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"[:500]


@transaction.atomic
def _claimed(now: datetime) -> Message | None:
    """A message that is due, with the gate's present word on it; from here on it may have left."""
    skip = connection.features.has_select_for_update_skip_locked
    due = Message.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    message = due.select_for_update(skip_locked=skip, of=("self",)).first()
    if message is None:
        return None
    verdict = gate.send_gate(message.contact_id, message.channel, message.to_address, message.category, now)
    message.due_at = None
    if isinstance(verdict, gate.Allowed):
        message.status, message.sent_at, message.tries = Status.UNCERTAIN, now, message.tries + 1
        message.reason = _("It is being sent. If that was minutes ago, it may or may not have left.")
    else:
        message.status, message.reason = Status.SUPPRESSED, verdict.reason[:500]
    message.save(update_fields=["due_at", "status", "sent_at", "tries", "reason"])
    return message


def _send(message: Message, now: datetime) -> None:
    try:
        is_mail = message.channel == Channel.EMAIL
        delivery = deliver(composing.mail_of(message)) if is_mail else texting.hand_over(message, now)
    except NoGateway as error:
        delivery = Delivery(Fail(str(error)))
    again = isinstance(delivery.outcome, Retry | Hold) and message.tries <= len(PAUSES)
    if isinstance(delivery.outcome, Retry | Hold) and not again:
        delivery = Delivery(Fail(delivery.outcome.why), delivery.code, delivery.reply)
    outgoing.settle(message, delivery, now)
    if again:
        later = now + timedelta(seconds=PAUSES[message.tries - 1])
        Message.objects.filter(pk=message.pk, status=Status.QUEUED).update(due_at=later)
