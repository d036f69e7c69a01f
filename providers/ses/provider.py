"""Amazon SES through Amazon SNS: what became of mails, mail that came in, and the subscription's confirmation."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from conversations.happenings import Happening
from providers import mails
from providers.base import Delivery, field_of
from providers.frame import (
    Handled,
    Item,
    Json,
    Later,
    Provider,
    SecretField,
    SettingField,
    Unclear,
    provider,
)
from providers.reading import any_json, key_of, letter_in, moment, shortened, sound
from providers.ses import letters
from providers.ses.signature import verify
from triggers.api.parsers import Unreadable
from triggers.outside import net

MAX_RECEIVERS: Final = 50
CONFIRM: Final = re.compile(r"https://sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?/\?[!-~]{1,1500}")


_KINDS: Final = {
    "Delivery": "delivered", "Bounce": "bounced", "Complaint": "complained", "Reject": "rejected", "Open": "opened",
    "Click": "clicked",
}  # fmt: skip


@provider("ses", _("Amazon SES"))
class Ses(Provider):
    account_label = _("Topic ARN")
    account_help = _("Of the SNS topic, such as arn:aws:sns:eu-central-1:123456789012:mail. Several with commas.")
    # Amazon signs for everybody with the same keys: the topic alone says that it is ours.
    account_required = True
    secrets = (
        SecretField("access_key_id", _("Access key ID"), _("Only for mail that SES puts into S3."), required=False),
        SecretField("secret_access_key", _("Secret access key"),
                    _("Of a user who may do no more than s3:GetObject in that bucket."), required=False),
    )  # fmt: skip
    settings = (
        SettingField("region", _("Region of the bucket"), help=_("Such as eu-central-1; empty: the topic's.")),
    )  # fmt: skip
    guide = _(
        "Subscribe the address to the topic over HTTPS. The subscription is confirmed by itself when its topic is the"
        " one entered here. For mail that comes in, let a receipt rule publish it to the topic, as base64, or store it"
        " in S3 and tell the topic."
    )

    verify = staticmethod(verify)
    handles = True
    remains = staticmethod(mails.without_files)

    def items(self, delivery: Delivery) -> list[Item]:
        message, text = letter_in(delivery, "Message")
        told, raw = _told(text)
        kind = field_of(message, "Type")
        if kind == "Notification":
            kind = field_of(told, "eventType") or field_of(told, "notificationType") or "Notification"
        data = {
            "type": message.get("Type"), "topic": message.get("TopicArn"), "subject": message.get("Subject"),
            "message": told, "subscribe_url": message.get("SubscribeURL"), **({"raw": raw} if raw else {}),
        }  # fmt: skip
        return [
            Item(
                key=key_of(message.get("MessageId")),
                data=data,
                kind=kind,
                account=field_of(message, "TopicArn"),
                occurred_at=moment(message.get("Timestamp")),
            )
        ]

    def fetch(self, connection: Any, data: Json, now: datetime) -> Json:
        """Confirms a subscription, whose topic is the connection's by now; fetches a mail that lies in S3.

        Asking twice does no harm.
        """
        if data.get("type") == "SubscriptionConfirmation":
            _confirm(field_of(data, "subscribe_url"))
        elif letters.is_letter(data.get("message")):
            return letters.fetched(connection, data, now)
        return data

    def handle(self, connection: Any, data: Json, now: datetime) -> Handled:
        if data.get("type") == "SubscriptionConfirmation":
            return Handled()
        told = data.get("message")
        if letters.is_letter(told):
            return letters.receive(data, f"ses:{connection.pk}", now)
        kind = field_of(told, "eventType") or field_of(told, "notificationType")
        if kind not in _KINDS:
            return Handled(ignored=str(mails.ON_ITS_WAY))
        return mails.record(list(_happenings(told, kind, now)), _message_id(told), now)


def _confirm(url: str) -> None:
    if not CONFIRM.fullmatch(url):
        raise Unclear(_now("The address that would confirm the subscription is not Amazon's. It was not opened."))
    try:
        answer = net.send("GET", url, timeout=(5, 10))
    except (net.NotSent, net.MaybeSent) as error:
        raise Later(str(error)) from None
    if answer.status != 200:
        raise Later(_now("Amazon answered %(status)d to the confirmation.") % {"status": answer.status})


def _told(message: Any) -> tuple[Any, str]:
    """What SES has written into the message as JSON, and the mail that was in it; anything else stays the text it is.

    Raises `Unreadable` for what no database takes, `Unclear` for a mail that cannot be read.
    """
    try:
        told = any_json(message) if isinstance(message, str) else message
        raw = letters.take_out(told) if letters.is_letter(told) else ""
        return sound(told), raw
    except (Unreadable, ValueError, RecursionError):
        return sound(shortened({"text": message})["text"]), ""


def _happenings(told: Any, kind: str, now: datetime) -> Iterator[Happening]:
    """One for each receiver that the notification names."""
    part = told.get(kind.lower())
    part = part if isinstance(part, dict) else {}
    who = part.get("bouncedRecipients") or part.get("complainedRecipients") or part.get("recipients")
    who = who or (told["mail"].get("destination") if isinstance(told.get("mail"), dict) else None) or [""]
    at = moment(part.get("timestamp")) or moment(told.get("mail", {}).get("timestamp")) or now
    for each in who[:MAX_RECEIVERS] if isinstance(who, list) else [""]:
        yield mails.happened(
            _KINDS[kind], at, recipient=each if isinstance(each, str) else field_of(each, "emailAddress"),
            url=field_of(part, "link"), user_agent=field_of(part, "userAgent"), code=field_of(each, "status"),
            event_id=field_of(part, "feedbackId"),
            text=field_of(each, "diagnosticCode") or field_of(part, "complaintFeedbackType") or field_of(part, "reason"),
            lasting=field_of(part, "bounceType") == "Permanent",
        )  # fmt: skip


def _message_id(told: Any) -> str:
    """The Message-ID that we gave the mail; Amazon sends it under another."""
    sent = told.get("mail")
    headers = sent.get("headers") if isinstance(sent, dict) else None
    for header in headers if isinstance(headers, list) else []:
        if field_of(header, "name").lower() == "message-id":
            return field_of(header, "value")
    return field_of(sent, "commonHeaders", "messageId")
