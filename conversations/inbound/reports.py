"""Mails that tell of a mail: what a server could not deliver (RFC 3464)."""

from dataclasses import dataclass
from email import message_from_string
from email.message import Message as Mime

from conversations import bounces
from conversations.addresses import normalised
from conversations.inbound.mail import content, ids, line, parts


@dataclass(frozen=True)
class Report:
    """What a server says of one receiver of a mail. `action`: failed, delayed, delivered, relayed or expanded."""

    original_ids: tuple[str, ...]
    receiver: str
    action: str
    code: str
    text: str
    lasting: bool


def read(mime: Mime) -> Report | None:
    """The report that a mail is; None where it is none."""
    if mime.get_content_type() != "multipart/report":
        return None
    receiver, original = None, tuple(ids(mime, "In-Reply-To") + ids(mime, "References"))
    for part in parts(mime):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            receiver = receiver or _receiver(part)
        elif part is not mime and kind == "message/rfc822":
            original = (*_enclosed(part), *original)
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            original = (*_ids_in(content(part)), *original)
    if receiver is None:
        return None
    return _report(receiver, tuple(dict.fromkeys(original)))


def _receiver(part: Mime) -> Mime | None:
    """The first block about a receiver: the blocks come as messages without a body, the first about the whole."""
    blocks = part.get_payload()
    blocks = blocks if isinstance(blocks, list) else []
    return next((block for block in blocks if isinstance(block, type(part)) and block.get("Action")), None)


def _report(block: Mime, original: tuple[str, ...]) -> Report:
    status, said = line(block, "Status"), line(block, "Diagnostic-Code").partition(";")[2].strip()
    action = line(block, "Action").casefold()
    whole = f"{status} {said}".strip()
    address = line(block, "Original-Recipient") or line(block, "Final-Recipient")
    return Report(
        original_ids=original, receiver=normalised(address.rpartition(";")[2].strip()), action=action,
        code=bounces.code_of(None, whole), text=(said or status)[:500],
        lasting=action == "failed" and bounces.is_lasting(None, whole),
    )  # fmt: skip


def _enclosed(part: Mime) -> list[str]:
    inner = part.get_payload()
    return ids(inner[0], "Message-ID") if isinstance(inner, list) and inner and isinstance(inner[0], Mime) else []


def _ids_in(headers: str) -> list[str]:
    return ids(message_from_string(headers), "Message-ID")
