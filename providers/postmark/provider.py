"""Postmark: what became of one mail. It does not sign; it shows a user name and a password."""

import secrets as random
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from providers import mails
from providers.base import Delivery, field_of
from providers.frame import Handled, Item, Json, Provider, SecretField, provider
from providers.postmark.signature import verify
from providers.reading import digest, key_of, letter_in, moment

_TIMES = ("BouncedAt", "DeliveredAt", "ReceivedAt", "ChangedAt")


# https://postmarkapp.com/developer/api/bounce-api#bounce-types
_LASTING: Final = ("HardBounce", "BadEmailAddress", "ManuallyDeactivated")
_BOUNCES: Final = (*_LASTING, "SoftBounce", "Blocked", "SMTPApiError", "DMARCPolicy", "SpamNotification", "DnsError")
_KINDS: Final = {
    "Delivery": "delivered", "Open": "opened", "Click": "clicked", "SpamComplaint": "complained",
}  # fmt: skip


def _new_pair() -> str:
    return f"concours:{random.token_urlsafe(24)}"


def _check_pair(text: str) -> None:
    name, colon, password = text.partition(":")
    if not name or not colon or len(password) < 16:
        raise ValueError(_now("Write it as name:password, with a password of at least 16 characters."))


@provider("postmark", _("Postmark"))
class Postmark(Provider):
    secrets = (
        SecretField("basic_auth", _("User name and password"),
                    _("As name:password. Enter the same at Postmark's as Basic auth."),
                    signs=True, check=_check_pair, make=_new_pair),
    )  # fmt: skip
    # Postmark stops for 403 alone.
    refusal = 403
    guide = _(
        "Add a webhook under the message stream, enter the address, and the user name and password as Basic auth."
        " Postmark does not sign: whoever knows the two can tell you anything."
    )

    verify = staticmethod(verify)
    handles = True
    max_body = mails.MAX_BODY
    remains = staticmethod(mails.without_files)

    def handle(self, connection: Any, data: Json, now: datetime) -> Handled:
        record = field_of(data, "RecordType")
        if record in ("", "Inbound") and "FromFull" in data:
            gateway = f"postmark:{connection.pk}"
            number = field_of(data, "MessageID")
            return mails.receive(
                _headers(data), field_of(data, "TextBody"), field_of(data, "HtmlBody"), gateway, number, now,
                data.get("files"),
            )  # fmt: skip
        kind = _kind(data, record)
        if kind is None:
            return Handled(ignored=str(mails.ON_ITS_WAY))
        at = next((found for name in _TIMES if (found := moment(data.get(name)))), now)
        number = field_of(data, "ID")
        happening = mails.happened(
            kind, at, recipient=field_of(data, "Recipient") or field_of(data, "Email"),
            event_id=f"{record}:{number}" if number not in ("", "0") else "", url=field_of(data, "OriginalLink"),
            user_agent=field_of(data, "UserAgent"), code=field_of(data, "TypeCode"),
            text=field_of(data, "Description") or field_of(data, "Details"),
            lasting=field_of(data, "Type") in _LASTING,
        )  # fmt: skip
        # Postmark gives each mail a number of its own; ours goes along as metadata (`composing`).
        return mails.record([happening], field_of(data, "Metadata", "message"), now)

    def items(self, delivery: Delivery) -> list[Item]:
        event, files = letter_in(delivery, "Attachments")
        if isinstance(files, list):
            event["files"] = mails.carried(
                (field_of(each, "Name"), field_of(each, "ContentType"), field_of(each, "Content")) for each in files
            )
        kind = field_of(event, "RecordType")
        at = next((event[name] for name in _TIMES if field_of(event, name)), None)
        return [Item(key=_key(event, kind), data=event, kind=kind, occurred_at=moment(at))]


def _key(event: Json, kind: str) -> str:
    """Only bounces and complaints have an id; anything else is told apart by all that it says."""
    number = field_of(event, "ID")
    return key_of(kind, number) if number not in ("", "0") else f"sha256:{digest(event)}"


def _kind(data: Json, record: str) -> str | None:
    if record == "Bounce":
        return "bounced" if field_of(data, "Type") in _BOUNCES else None
    if record == "SubscriptionChange":
        left = data.get("SuppressSending") is True and field_of(data, "SuppressionReason") == "ManualSuppression"
        return "unsubscribed" if left else None
    return _KINDS.get(record)


def _headers(data: Json) -> list[tuple[str, str]]:
    """The headers of a mail that came in."""
    given = data.get("Headers")
    pairs = given if isinstance(given, list) else []
    found = [(field_of(pair, "Name"), field_of(pair, "Value")) for pair in pairs]
    named = {name.lower() for name, _value in found}
    said = {
        "From": field_of(data, "From"), "To": field_of(data, "OriginalRecipient") or field_of(data, "To"),
        "Subject": field_of(data, "Subject"),
    }  # fmt: skip
    return found + [(name, value) for name, value in said.items() if value and name.lower() not in named]
