"""Taking a message in: once, however often it is delivered; an order to stop is obeyed before anything else.

All of it is one transaction. The row of `Arrival` is unique for what the sender calls the delivery, so that of
two deliveries at once the second waits for the first and then finds it there.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contacts import identity
from contacts import services as contact_services
from contacts.models import Contact
from conversations import subscriptions, threads
from conversations.addresses import normalised
from conversations.events.message_customer_replied import MessageCustomerReplied
from conversations.inbound import attachments, intents, keywords
from conversations.inbound.attachments import Given
from conversations.models import Arrival, Attachment, ChannelIdentity, ChannelSetting, Message
from conversations.suppressing import BY_NUMBER
from triggers import files
from triggers.context import act_as, acting
from triggers.models import Event
from triggers.outbox import emit

Channel, Kind = Message.Channel, Arrival.Kind
# Longer bodies are cut: what is judged and merged into answers is at most this long.
MAX_BODY: Final = 64 * 1024
# A text answers what was sent to its sender within this time; it names no message itself.
ANSWERS: Final = timedelta(days=7)
# Longer than any sender tries again (reliability, R17).
KEPT: Final = timedelta(days=90)


@dataclass(frozen=True)
class Incoming:
    """A message as it came. `provider_id` is what `gateway` calls it; `references` are the Message-IDs it names,
    the surest first. `said` is the body without what it quotes, where that is known. `files` came along; those at
    the addresses of `media` are fetched.
    """

    channel: str
    from_address: str
    body: str
    to_address: str = ""
    subject: str = ""
    gateway: str = ""
    provider_id: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    name: str = ""
    said: str = ""
    answers_key: str = ""
    files: tuple[Given, ...] = ()
    contact: Contact | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Taken:
    """What became of it: its message where it is one, what it was, and why it is none. `again`: it came before."""

    message: Message | None
    kind: str
    why: str = ""
    again: bool = False


@files.undone_on_failure()
@transaction.atomic
def receive_message(incoming: Incoming, now: datetime, digest: str = "") -> Taken:
    """Records what somebody wrote, and tells of it as `message.customer_replied`.

    STOP closes the channel for the number, whoever it belongs to, before anything else is done. A sender nobody
    knows becomes a contact, or is put aside, as the channel's setting says. Delivered again, the first stays.
    """
    origin = f"{incoming.channel} {incoming.gateway}".strip()[:120]
    # Where a key of the API brings it in, that is who acts.
    who = {"actor": Event.Actor.PROVIDER, "actor_id": incoming.gateway[:40]} if acting().actor == "system" else {}
    with act_as(**who, origin=origin):
        arrival, new = arrived(incoming, now, digest)
        if not new:
            return Taken(arrival.message, arrival.kind, arrival.reason, again=True)
        word = keywords.read(incoming.channel, incoming.body)
        _obey(word, incoming, now)
        known = _known(incoming)
        if known is not None:
            return close(arrival, Kind.OTHER, _("A message with this Message-ID is on record already."), known)
        answered = _answered(incoming, now)
        contact, why = _writer(incoming, answered)
        if contact is None:
            attachments.keep(arrival, incoming.files, incoming.media, now)
            return close(arrival, Kind.ASIDE, why)
        if answered is None and incoming.channel != Channel.EMAIL:
            answered = _latest(contact, incoming.channel, now)
        return close(arrival, Kind.MESSAGE, "", store(contact, incoming, answered, now, word))


@files.undone_on_failure()
@transaction.atomic
def from_contact(incoming: Incoming, now: datetime) -> Message:
    """The same for a message whose writer is known, as the API and staff hand it in; whoever does so acts."""
    contact = incoming.contact
    assert contact is not None
    known = _known(incoming)
    if known is not None:
        return known
    word = keywords.read(incoming.channel, incoming.body)
    _obey(word, incoming, now)
    answered = _answered(incoming, now)
    own = answered if answered is not None and answered.contact_id == contact.pk else None
    return store(contact, incoming, own, now, word)


def arrived(incoming: Incoming, now: datetime, digest: str = "") -> tuple[Arrival, bool]:
    """The row of this delivery, and whether it is the first."""
    columns: dict[str, Any] = {
        "channel": incoming.channel, "from_address": incoming.from_address[:320], "digest": digest,
        "to_address": incoming.to_address[:320], "subject": incoming.subject[:500], "text": incoming.body[:MAX_BODY],
        "name": incoming.name[:200], "mail_id": incoming.message_id[:255], "at": now,
    }  # fmt: skip
    if digest:
        same = Arrival.objects.filter(gateway=incoming.gateway[:120], digest=digest).first()
        if same is not None:
            return same, False
    if not incoming.provider_id:
        return Arrival.objects.create(gateway=incoming.gateway[:120], **columns), True
    return Arrival.objects.get_or_create(
        gateway=incoming.gateway[:120], external_id=incoming.provider_id[:200], defaults=columns
    )


def close(arrival: Arrival, kind: str, why: str, message: Message | None = None) -> Taken:
    """Notes what became of a delivery. The text of a message stands with the message alone."""
    arrival.kind, arrival.reason, arrival.message = kind, why[:300], message
    if kind == Kind.MESSAGE:
        arrival.text = arrival.name = ""
    arrival.save()
    return Taken(message, kind, why)


@transaction.atomic
def store(
    contact: Contact, incoming: Incoming, answered: Message | None, now: datetime, word: str = "", *,
    arrival: Arrival | None = None,
) -> Message:  # fmt: skip
    """The contact's message, and the event that tells of it. Files that waited with an arrival go with it."""
    message = Message.objects.create(
        contact=contact, direction=Message.Direction.IN, channel=incoming.channel, status=Message.Status.RECEIVED,
        subject=incoming.subject[:500], text=incoming.body[:MAX_BODY], media=list(incoming.media),
        from_address=(incoming.from_address or contact.email)[:320], to_address=incoming.to_address[:320],
        message_id=incoming.message_id[:255], in_reply_to=next(iter(incoming.references), "")[:255],
        gateway=incoming.gateway[:120], provider_id=incoming.provider_id[:200], created_at=now, status_at=now,
        workflow_id=answered.workflow_id if answered else None, run_id=answered.run_id if answered else None,
    )  # fmt: skip
    if incoming.channel not in (*BY_NUMBER, Channel.EMAIL, Channel.CALL) and incoming.from_address:
        ChannelIdentity.objects.update_or_create(
            channel=incoming.channel, address=incoming.from_address[:320],
            defaults={"contact": contact, "seen_at": now},
        )  # fmt: skip
    conversation_id = threads.received(message, now)
    attached = attachments.keep(message, incoming.files, incoming.media, now)
    if arrival is not None:
        attached += Attachment.objects.filter(arrival=arrival).update(arrival=None, message=message)
    said = incoming.said or message.text
    emit(
        MessageCustomerReplied(
            message_id=message.pk, contact_id=message.contact_id, channel=message.channel,
            subject_line=message.subject, body=said[:MAX_BODY], keyword=word, intents=intents.read(said),
            from_address=message.from_address, to_address=message.to_address, attachments=attached,
            attachment_ids=_files_of(message) if attached else [], conversation_id=conversation_id,
            workflow_id=message.workflow_id, run_id=message.run_id,
            in_reply_to_message_id=answered.pk if answered else None,
        )
    )  # fmt: skip
    return message


def _files_of(message: Message) -> list[int]:
    return list(Attachment.objects.filter(message=message).order_by("pk").values_list("pk", flat=True))


def _obey(word: str, incoming: Incoming, now: datetime) -> None:
    if word == keywords.STOP:
        subscriptions.stop(incoming.channel, incoming.from_address, now)
    elif word == keywords.START:
        subscriptions.start(incoming.channel, incoming.from_address)


def _known(incoming: Incoming) -> Message | None:
    """The message that has this Message-ID: a mail that came by two ways, or one of ours that came back."""
    own = incoming.message_id[:255]
    return Message.objects.filter(message_id=own).first() if own else None


def _answered(incoming: Incoming, now: datetime) -> Message | None:
    """The message this is an answer to: by the key in the address it went to, or by the Message-IDs it names."""
    sent = Message.objects.filter(direction=Message.Direction.OUT)
    if incoming.answers_key:
        found = sent.filter(key=incoming.answers_key).first()
        if found is not None:
            return found
    references = [reference[:255] for reference in incoming.references[:20] if reference]
    by_id = {message.message_id: message for message in sent.filter(message_id__in=references)} if references else {}
    return next((by_id[reference] for reference in references if reference in by_id), None)


def _latest(contact: Contact, channel: str, now: datetime) -> Message | None:
    """What the contact got last on the channel: a text names nothing that it answers."""
    sent = Message.objects.filter(
        contact=contact, channel=channel, direction=Message.Direction.OUT, sent_at__gt=now - ANSWERS
    )
    return sent.order_by("-sent_at", "-pk").first()


def _writer(incoming: Incoming, answered: Message | None) -> tuple[Contact | None, str]:
    """Whose message it is; None with the reason where it is put aside."""
    if incoming.contact is not None:
        return incoming.contact, ""
    if answered is not None:
        return answered.contact, ""
    known = ChannelIdentity.objects.filter(channel=incoming.channel, address=incoming.from_address[:320]).first()
    if known is not None:
        return known.contact, ""
    match, why = _match(incoming)
    if why:
        return None, why
    if _policy(incoming.channel) == ChannelSetting.Unknown.MAKE:
        return make_contact(incoming), ""
    contact = (contact_services.find(match) or contact_services.find_further(match)) if match else None
    return contact, "" if contact else _("Nobody has this address or number.")


@transaction.atomic
def adopt(arrival: Arrival, now: datetime) -> Message | None:
    """Makes a contact of the sender of what was put aside, and its message of it; None where that was done already."""
    row = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival.pk)
    if row.kind != Kind.ASIDE:
        return None
    incoming = Incoming(
        channel=row.channel, from_address=row.from_address, body=row.text, to_address=row.to_address,
        subject=row.subject, gateway=row.gateway, provider_id=row.external_id or "", message_id=row.mail_id,
        name=row.name,
    )  # fmt: skip
    message = store(make_contact(incoming), incoming, None, now, arrival=row)
    close(row, Kind.MESSAGE, "", message)
    return message


def purge(now: datetime) -> int:
    """Drops old deliveries; their messages stay. Long after that nobody delivers one again."""
    return Arrival.objects.filter(at__lt=now - KEPT).delete()[0]


def make_contact(incoming: Incoming) -> Contact:
    """The contact of a sender, made where nobody has the address or number."""
    match, _why = _match(incoming)
    source = str(Channel(incoming.channel).label)
    first, _space, last = incoming.name.strip().partition(" ")
    if match:
        values = {"first_name": first[:120], "last_name": last[:120], "source": source}
        return contact_services.find_or_create(match, values, further=True)[0]
    name = first or incoming.from_address or source
    return contact_services.create({"first_name": name[:120], "last_name": last[:120], "source": source})


def _match(incoming: Incoming) -> tuple[dict[str, str], str]:
    """By what the sender is found, and why nobody can be, where the address is none."""
    if incoming.channel == Channel.EMAIL:
        match = {"email": normalised(incoming.from_address)}
    elif incoming.channel in (*BY_NUMBER, Channel.CALL):
        match = {"phone": incoming.from_address}
    else:
        return {}, ""
    try:
        given = identity.identities(match)
    except ValidationError as error:
        return {}, " ".join(error.messages)
    if not given:
        return {}, _("It says nothing of who wrote it.")
    return match, ""


def _policy(channel: str) -> str:
    """What is done with an unknown sender. Mail is put aside unless somebody says otherwise, for spam is mail."""
    usual = ChannelSetting.Unknown.ASIDE if channel == Channel.EMAIL else ChannelSetting.Unknown.MAKE
    chosen = ChannelSetting.objects.filter(channel=channel).values_list("unknown_senders", flat=True).first()
    return chosen or usual
