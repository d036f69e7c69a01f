"""What happens to a mail after it was sent, as our own picture and links tell, or a provider: once each."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.services import Asked, set_dnd
from conversations import statuses, subscriptions, suppressing
from conversations.addresses import normalised
from conversations.events.email_clicked import EmailClicked
from conversations.events.email_complained import EmailComplained
from conversations.events.email_opened import EmailOpened
from conversations.mail_events import payload
from conversations.models import Message, MessageEvent, Suppression
from conversations.statuses import Recorded
from triggers.outbox import emit, emit_once

Kind, Reason = MessageEvent.Kind, Suppression.Reason
# The same within so many seconds is the same, where nobody names it: mail programs load a picture twice.
WITHIN: Final = {"opened": 60, "clicked": 10}
# What providers tell that only moves the message's state.
STATES: Final = {
    "sent": "sent", "delivered": "delivered", "bounced": "bounced", "rejected": "failed", "failed": "failed",
}  # fmt: skip
CLOSING: Final = {
    "bounced": Reason.BOUNCE, "complained": Reason.COMPLAINT, "unsubscribed": Reason.UNSUBSCRIBE,
}  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a mail. `kind`: opened, clicked, unsubscribed, complained, bounced, delivered, sent,
    rejected or failed. `event_id` is the provider's own name of it; `lasting`: a bounce that will come again.
    """

    kind: str
    at: datetime
    recipient: str = ""
    event_id: str = ""
    url: str = ""
    user_agent: str = ""
    machine: bool = False
    lasting: bool = False
    code: str = ""
    text: str = ""


@transaction.atomic
def record_mail_event(
    happening: Happening, now: datetime, *, message: Message | None = None, message_id: str = "",
    gateway: str = "", provider_id: str = "",
) -> Recorded:  # fmt: skip
    """Takes in what happened to a mail: that one, or the one with this Message-ID or number at this gateway.

    An address that bounced for good, complained or left is closed also where nobody knows the mail: whoever tells
    it has been verified before. Never raises for what it says.
    """
    found = message or _find(happening, message_id, gateway, provider_id)
    if found is None:
        reason = CLOSING.get(happening.kind)
        if reason and happening.recipient and (happening.kind != "bounced" or happening.lasting):
            suppressing.close(happening.recipient, reason, now)
            return Recorded(None, changed=True, why=_("Nobody here has sent that mail; its address is closed."))
        return Recorded(None, why=_("Nobody here has sent that mail."))
    if happening.kind in STATES:
        return statuses.apply(
            found.pk, STATES[happening.kind], happening.at, now,
            code=happening.code, text=happening.text, lasting=happening.lasting,
        )  # fmt: skip
    if happening.kind in WITHIN:
        return _noted(found, happening)
    if happening.kind == "unsubscribed":
        changed = subscriptions.unsubscribe(found, now)
        return Recorded(found, changed, "" if changed else _("The address had left already."))
    if happening.kind == "complained":
        return _complained(found, happening, now)
    return Recorded(found, why=_("“%(kind)s” says nothing that is kept.") % {"kind": happening.kind[:40]})


def _find(happening: Happening, message_id: str, gateway: str, provider_id: str) -> Message | None:
    """The mail; none where it went to somebody else than it is told of."""
    sent = Message.objects.filter(direction=Message.Direction.OUT, channel=Message.Channel.EMAIL)
    found = sent.filter(gateway=gateway, provider_id=provider_id).first() if provider_id else None
    if found is None and message_id:
        bare = message_id.strip().strip("<>")[:250]
        found = sent.filter(message_id=f"<{bare}>").first()
    if found is None or not happening.recipient:
        return found
    return found if normalised(found.to_address) == normalised(happening.recipient) else None


def _noted(message: Message, happening: Happening) -> Recorded:
    """An opening or a click. Under the message's lock, so that one of several at once is the first."""
    Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    before = MessageEvent.objects.filter(message=message, kind=happening.kind, machine=False)
    first = not happening.machine and not before.exists()
    _row, new = MessageEvent.objects.get_or_create(
        key=_key(message, happening),
        defaults={
            "message": message, "kind": happening.kind, "at": happening.at, "url": happening.url[:2000],
            "user_agent": happening.user_agent[:300], "machine": happening.machine,
        },
    )  # fmt: skip
    if not new:
        return Recorded(message, why=_("It is known already."))
    told: dict[str, Any] = {
        **payload(message), "first": first, "machine": happening.machine, "user_agent": happening.user_agent[:300],
    }  # fmt: skip
    if happening.kind == Kind.OPENED:
        emit(EmailOpened(**told), occurred_at=happening.at)
    else:
        emit(EmailClicked(**told, url=happening.url[:2000]), occurred_at=happening.at)
    return Recorded(message, changed=True)


def _key(message: Message, happening: Happening) -> str:
    told = happening.event_id
    if not told:
        seconds = int(happening.at.timestamp()) // WITHIN[happening.kind]
        told = f"{seconds}:{happening.machine}:{happening.url}"
    return f"{happening.kind}:{message.pk}:{hashlib.sha256(told.encode(errors='replace')).hexdigest()[:40]}"


def _complained(message: Message, happening: Happening, now: datetime) -> Recorded:
    suppressing.close(message.to_address, Reason.COMPLAINT, now)
    set_dnd(message.contact, ["email"], True, Asked("inbound", "spam complaint"))
    told = EmailComplained(**payload(message), feedback=happening.text[:300])
    _event, new = emit_once(f"email.complained:{message.pk}", told, occurred_at=happening.at)
    return Recorded(message, changed=new, why="" if new else _("It is known already."))
