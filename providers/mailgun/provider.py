"""Mailgun: what became of one mail. Only time and token are signed, so a token counts once."""

import json
from base64 import b64encode
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from providers import mails
from providers.base import Delivery, field_of, form_pairs, is_form
from providers.frame import Handled, Item, Json, Provider, SecretField, Unclear, provider
from providers.mailgun.signature import verify
from providers.multipart import Part, is_multipart, parts_in
from providers.reading import digest, key_of, moment, object_in, shortened, sound

_KINDS: Final = {
    "delivered": "delivered", "failed": "bounced", "rejected": "rejected", "opened": "opened", "clicked": "clicked",
    "complained": "complained", "unsubscribed": "unsubscribed",
}  # fmt: skip


@provider("mailgun", _("Mailgun"))
class Mailgun(Provider):
    secrets = (
        SecretField("signing_key", _("HTTP webhook signing key"), _("Sending, Webhooks; not the API key."), signs=True),
    )
    # Mailgun stops for 406 alone.
    refusal = 406
    guide = _("Enter the address under Sending, Webhooks, for each kind of event.")

    verify = staticmethod(verify)
    handles = True
    max_body = mails.MAX_BODY
    remains = staticmethod(mails.without_files)

    def handle(self, connection: Any, data: Json, now: datetime) -> Handled:
        if "event" not in data and "body-plain" in data:
            gateway = f"mailgun:{connection.pk}"
            number = field_of(data, "Message-Id")
            return mails.receive(
                _headers(data), field_of(data, "body-plain"), field_of(data, "body-html"), gateway, number, now,
                data.get("files"),
            )  # fmt: skip
        kind = _KINDS.get(field_of(data, "event"))
        # A temporary failure is tried again by Mailgun.
        if kind is None or (kind == "bounced" and field_of(data, "severity") != "permanent"):
            return Handled(ignored=str(mails.ON_ITS_WAY))
        status = data.get("delivery-status")
        happening = mails.happened(
            kind, moment(data.get("timestamp")) or now, recipient=field_of(data, "recipient"),
            event_id=field_of(data, "id"), url=field_of(data, "url"),
            user_agent=field_of(data, "client-info", "user-agent"), code=field_of(status, "code"),
            text=field_of(status, "message") or field_of(status, "description") or field_of(data, "reason"),
            machine=field_of(data, "client-info", "bot") != "",
            # Mailgun's own list refuses what it has refused before; the receiver's server has said nothing now.
            lasting=kind == "bounced" and not field_of(data, "reason").startswith("suppress-"),
        )  # fmt: skip
        return mails.record([happening], field_of(data, "message", "headers", "message-id"), now)

    def items(self, delivery: Delivery) -> list[Item]:
        if is_form(delivery) or is_multipart(delivery):
            event: Json = _letter(delivery)
            proof: Any = event
            key = key_of(event.get("Message-Id"))
        else:
            body = object_in(delivery)
            told, proof = body.get("event-data"), body.get("signature")
            event = told if isinstance(told, dict) else {}
            key = key_of(field_of(event, "id"))
        token = field_of(proof, "token")
        return [
            Item(
                key=key or f"sha256:{digest(event)}", data=event, kind=field_of(event, "event") or "inbound",
                occurred_at=moment(event.get("timestamp")), once=digest(token) if token else "",
            )
        ]  # fmt: skip


def _letter(delivery: Delivery) -> Json:
    """A mail that came in: the fields, and its files under `files`. Raises `Unreadable` or `Unclear`."""
    try:
        parts = [] if is_form(delivery) else parts_in(delivery)
        texts = form_pairs(delivery) if is_form(delivery) else _texts(parts)
        fields = shortened(dict(texts))
    except ValueError:
        raise Unclear(_now("The form is not UTF-8, or has too many fields.")) from None
    found: Json = sound(fields)
    files = ((part.filename, part.content_type, b64encode(part.content).decode()) for part in parts if part.filename)
    return {**found, "files": mails.carried(files)}


def _texts(parts: list[Part]) -> list[tuple[str, str]]:
    return [(part.name, part.content.decode()) for part in parts if not part.filename]


def _headers(data: Json) -> list[tuple[str, str]]:
    """The headers of a mail that came in, as the route posts them: a list of pairs in JSON."""
    try:
        given = json.loads(field_of(data, "message-headers") or "[]")
    except ValueError:
        given = []
    pairs = given if isinstance(given, list) else []
    found = [(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2]
    named = {name.lower() for name, _value in found}
    said = (("From", "from"), ("To", "recipient"), ("Subject", "subject"), ("Message-Id", "Message-Id"))
    return found + [
        (name, field_of(data, key)) for name, key in said if name.lower() not in named and field_of(data, key)
    ]
