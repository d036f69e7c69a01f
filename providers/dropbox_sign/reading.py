"""What Dropbox Sign sends: a form with one field, `json`."""

import json
from email.message import Message
from email.parser import BytesParser
from typing import Any

from providers.base import Delivery, form_pairs, is_form


def event_in(delivery: Delivery) -> dict[str, Any]:
    """The object in the field `json`. Raises `ValueError` unless there is exactly one."""
    [text] = (
        [value for name, value in form_pairs(delivery) if name == "json"] if is_form(delivery) else _parts(delivery)
    )
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _parts(delivery: Delivery) -> list[str]:
    """The texts of the multipart fields named `json` (RFC 7578)."""
    head = "Content-Type: " + delivery.headers.get("Content-Type", "").replace("\r", "").replace("\n", "")
    form: Message = BytesParser().parsebytes(head.encode() + b"\r\n\r\n" + delivery.body)
    parts = form.get_payload() if form.is_multipart() else []
    named = [part for part in parts if isinstance(part, Message)]
    found = [part.get_payload(decode=True) for part in named if _name_of(part) == "json"]
    return [text.decode() for text in found if isinstance(text, bytes)]


def _name_of(part: Message) -> str:
    name = part.get_param("name", header="content-disposition")
    return name if isinstance(name, str) else ""
