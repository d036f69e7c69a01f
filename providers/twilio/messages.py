"""Text messages at Twilio: what people write, and how ours fare."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from conversations import services, subscriptions
from conversations.models import Message
from conversations.services import Incoming
from providers.frame import Handled, Json
from providers.reading import moment

if TYPE_CHECKING:
    from providers.models import Connection

Channel = Message.Channel
# What Twilio puts before an address that is no telephone number's.
_CHANNELS: Final = {"whatsapp": Channel.WHATSAPP, "messenger": Channel.MESSENGER}
# The states that say something; queued, sending and the like come before.
_STATES: Final = {
    "sent": Message.Status.SENT, "delivered": Message.Status.DELIVERED, "read": Message.Status.READ,
    "undelivered": Message.Status.UNDELIVERED, "failed": Message.Status.FAILED,
}  # fmt: skip
MAX_MEDIA: Final = 10
# https://www.twilio.com/docs/api/errors; without a word of its own the code stands alone.
REASONS: Final = {
    "30003": _("The phone is switched off or out of reach."), "30004": _("The receiver has blocked us."),
    "30005": _("The number does not exist any more."), "30006": _("The number is a landline."),
    "30007": _("The carrier filtered it as spam."), "21211": _("This is no phone number."),
    "21408": _("This account may not send to that country."), "21610": _("The receiver has opted out with STOP."),
    "21614": _("The number takes no text messages."),
}  # fmt: skip


def gateway_key(connection: "Connection") -> str:
    """What messages of this account go by (`conversations.gateways`)."""
    return f"twilio:{connection.pk}"


def is_report(data: Json) -> bool:
    """Whether this tells how a message of ours fares."""
    return bool(data.get("MessageStatus")) or data.get("SmsStatus", "received") != "received"


def report(connection: "Connection", data: Json, now: datetime) -> Handled:
    """One message of ours came to another state."""
    status = _STATES.get(data.get("MessageStatus") or data.get("SmsStatus", ""))
    if status is None:
        return Handled(ignored=_now("It says only that the message is on its way."))
    code = data.get("ErrorCode", "")
    at = moment(data.get("Timestamp")) or now
    done = services.record_status(
        gateway_key(connection), data.get("MessageSid") or data.get("SmsSid", ""), status, at, now, code=code,
        text=str(REASONS.get(code, "")) or data.get("ChannelStatusMessage", "")[:300],
    )  # fmt: skip
    return Handled(done.message.contact_id if done.message else None, ignored="" if done.changed else done.why)


def receive(connection: "Connection", data: Json, now: datetime) -> Handled:
    """Somebody wrote. An order to stop that only Twilio knows as one is obeyed as well."""
    channel, sender = _address(data.get("From", ""))
    if data.get("OptOutType") == "STOP":
        subscriptions.stop(channel, sender, now)
    elif data.get("OptOutType") == "START":
        subscriptions.start(channel, sender)
    taken = services.receive_message(
        Incoming(
            channel=channel, from_address=sender, to_address=_address(data.get("To", ""))[1],
            body=data.get("Body", ""), gateway=gateway_key(connection), media=_media(data),
            provider_id=data.get("MessageSid") or data.get("SmsSid", ""), name=data.get("ProfileName", ""),
        ),
        now,
    )  # fmt: skip
    return Handled(taken.message.contact_id if taken.message else None, ignored=taken.why)


def _address(text: str) -> tuple[str, str]:
    """The channel, and the number or account: whatsapp:+4930… is +4930… by WhatsApp."""
    kind, colon, rest = text.partition(":")
    return (_CHANNELS.get(kind, Channel.CHAT), rest) if colon else (Channel.SMS, text)


def _media(data: Json) -> tuple[str, ...]:
    given = (data.get(f"MediaUrl{n}", "") for n in range(MAX_MEDIA))
    return tuple(url for url in given if url)
