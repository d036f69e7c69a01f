"""Forms with files (multipart/form-data, RFC 7578), read from the bytes that were proven."""

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from typing import Final

from providers.base import MAX_FIELDS, Delivery

MAX_NAME: Final = 200


@dataclass(frozen=True)
class Part:
    """One field; a file where it has a `filename`."""

    name: str
    filename: str
    content_type: str
    content: bytes


def is_multipart(delivery: Delivery) -> bool:
    """Whether the body is said to be `multipart/form-data`."""
    kind = delivery.headers.get("Content-Type", "").partition(";")[0]
    return kind.strip().lower() == "multipart/form-data"


def parts_in(delivery: Delivery) -> list[Part]:
    """The fields in their order; none where the body is no such form. Raises `ValueError` for too many."""
    head = "Content-Type: " + delivery.headers.get("Content-Type", "").replace("\r", "").replace("\n", "")
    form: Message = BytesParser().parsebytes(head.encode(errors="replace") + b"\r\n\r\n" + delivery.body)
    parts = form.get_payload() if form.is_multipart() else []
    named = [part for part in parts if isinstance(part, Message)]
    if len(named) > MAX_FIELDS:
        raise ValueError("too many fields")
    return [_part(part) for part in named if not part.is_multipart()]


def fields_in(delivery: Delivery) -> dict[str, str]:
    """The fields that are no files, by name; of a repeated one the last. Raises `ValueError`."""
    return {part.name: part.content.decode() for part in parts_in(delivery) if not part.filename}


def _part(part: Message) -> Part:
    content = part.get_payload(decode=True)
    head = _disposition(part)
    return Part(
        _param(head, "name"), _param(head, "filename"), part.get_content_type(),
        content if isinstance(content, bytes) else b"",
    )  # fmt: skip


def _disposition(part: Message) -> Message:
    """The part's Content-Disposition by itself. Senders write names in it as bare UTF-8, which mail has not."""
    raw = next((value for name, value in part.raw_items() if name.lower() == "content-disposition"), "")
    head = Message()
    head["Content-Disposition"] = str(raw).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return head


def _param(head: Message, name: str) -> str:
    found = head.get_param(name, header="content-disposition")
    text = found[2] if isinstance(found, tuple) else found
    return text[:MAX_NAME] if isinstance(text, str) else ""
