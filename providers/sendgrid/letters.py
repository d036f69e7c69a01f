"""Mail that SendGrid's Inbound Parse brings in: a form with the parts of the mail, or with the whole of it.

https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from email.parser import HeaderParser
from typing import Any, Final

from django.utils.translation import gettext as _

from conversations.inbound.mail import ids
from providers import mails
from providers.base import Delivery, field_of
from providers.frame import Handled, Item, Json, Unclear
from providers.multipart import Part, parts_in
from providers.reading import digest, key_of, shortened, sound

# What is kept of a mail that was taken apart.
_FIELDS: Final = ("headers", "text", "html", "from", "to", "subject", "envelope", "sender_ip", "SPF", "spam_score")


def item(delivery: Delivery) -> Item:
    """The mail in a form. Raises `Unclear` for a form that holds none."""
    try:
        parts = parts_in(delivery)
    except ValueError:
        raise Unclear(_("The form has too many fields.")) from None
    given = {part.name: part.content for part in parts if not part.filename}
    if given.get("email"):
        data = _whole(given["email"])
    elif given.get("headers"):
        data = _taken_apart(given, parts)
    else:
        raise Unclear(_("Inbound Parse sent neither the headers of a mail nor the whole of it."))
    return Item(key=key_of("mail", data["number"]) or f"sha256:{digest(data)}", data=data, kind="inbound")


def is_letter(data: Json) -> bool:
    """Whether the item is a mail, and no event."""
    return "event" not in data and field_of(data, "inbound") in ("raw", "parsed")


def receive(data: Json, gateway: str, now: datetime) -> Handled:
    """Takes the mail in. Raises `Unclear`."""
    number = field_of(data, "number")
    if data["inbound"] == "raw":
        return mails.receive_raw(data.get("raw"), gateway, number, now)
    text, html = field_of(data, "text"), field_of(data, "html")
    return mails.receive(_headers(data), text, html, gateway, number, now, data.get("files"))


def _whole(raw: bytes) -> Json:
    return {"inbound": "raw", "number": sound(mails.number_of(raw)), "raw": b64encode(raw).decode()}


def _taken_apart(given: dict[str, bytes], parts: Sequence[Part]) -> Json:
    charsets = _object(given.get("charsets", b""))
    texts: Json = {name: _decoded(given[name], field_of(charsets, name)) for name in _FIELDS if name in given}
    told: Json = sound(shortened(texts))
    files = ((part.filename, part.content_type, b64encode(part.content).decode()) for part in parts if part.filename)
    number = next(iter(ids(HeaderParser().parsestr(told["headers"]), "Message-ID")), "")
    return {**told, "inbound": "parsed", "number": number, "files": mails.carried(files)}


def _headers(data: Json) -> list[tuple[str, str]]:
    """The headers of the mail as it came; with whom it was delivered to, who may stand in none of them."""
    found = [(name, str(value)) for name, value in HeaderParser().parsestr(field_of(data, "headers")).items()]
    named = {name.lower() for name, _value in found}
    receivers = _object(field_of(data, "envelope").encode()).get("to")
    first = receivers[0] if isinstance(receivers, list) and receivers and isinstance(receivers[0], str) else ""
    said = {
        "Delivered-To": first, "From": field_of(data, "from"), "To": field_of(data, "to"),
        "Subject": field_of(data, "subject"),
    }  # fmt: skip
    return found + [(name, value) for name, value in said.items() if value and name.lower() not in named]


def _decoded(content: bytes, charset: str) -> str:
    """The text, by the charset that SendGrid names for it. What cannot be is marked."""
    try:
        text = content.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    return text.replace("\0", "\ufffd")


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
