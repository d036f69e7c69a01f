"""A mail as it came, read into what is taken in. Whatever the bytes are, reading them raises nothing."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message as Mime
from email.utils import getaddresses, parseaddr
from typing import Any, Final

from conversations.composing import plain_of

MAX_PART: Final = 256 * 1024
# Deeper or wider mails are made to hurt; what lies beyond is not read.
MAX_PARTS: Final = 200
_IDS: Final = re.compile(r"<[^<>\s]{1,250}>")
_KEY: Final = re.compile(r"\+([0-9a-f]{32})@")
# "On Monday Anna wrote:" and its like, in the languages mail programs most often have; and Outlook's block.
_WROTE: Final = re.compile(
    r"^(?:On|Am|Le|El|Il|Op|Em|W dniu|Den)\b.{0,300}?"
    r"(?:wrote|schrieb|écrit|escribió|scritto|schreef|escreveu|napisał|skrev)\b.{0,120}:\s*$",
    re.IGNORECASE,
)
_ORIGINAL: Final = re.compile(
    r"^\s*(?:-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine)|_{20,}\s*$)"
)
_CONTROL: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Mail:
    """One mail. `answers` are the Message-IDs it names, the surest first; `said` its text without what it quotes."""

    mime: Mime
    digest: str
    message_id: str
    answers: tuple[str, ...]
    answers_key: str
    from_address: str
    from_name: str
    to_address: str
    subject: str
    text: str
    said: str
    is_automatic: bool


def read(raw: bytes) -> Mail:
    """The mail that these bytes are; what cannot be read comes out empty."""
    mime = message_from_bytes(raw, policy=policy.compat32)
    digest = hashlib.sha256(raw).hexdigest()
    name, address = parseaddr(line(mime, "From"))
    receivers = [line(mime, header) for header in ("Delivered-To", "X-Original-To", "To", "Cc")]
    key = _KEY.search(" ".join(receivers).casefold())
    text = _text(mime)
    return Mail(
        mime=mime, digest=digest, message_id=next(iter(ids(mime, "Message-ID")), ""),
        answers=(*ids(mime, "In-Reply-To"), *reversed(ids(mime, "References"))),
        answers_key=key.group(1) if key else "", from_address=address, from_name=name,
        to_address=next((found for _n, found in getaddresses(receivers) if found), ""),
        subject=line(mime, "Subject"), text=text, said=without_quotes(text), is_automatic=_is_automatic(mime, address),
    )  # fmt: skip


def line(mime: Mime, name: str) -> str:
    """A header's value in one line, without its transport encoding; empty where it is missing or cannot be read."""
    value = mime.get(name)
    return "" if value is None else decoded(str(value))


def decoded(value: str) -> str:
    """A header's value in one line, its encoded words read (RFC 2047)."""
    try:
        text = str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        # an unknown charset, or a broken encoded word
        text = value
    return _clean(" ".join(text.split()))[:2000]


def ids(mime: Mime, name: str) -> list[str]:
    """The Message-IDs in a header, at most 20."""
    return _IDS.findall(line(mime, name))[:20]


def parts(mime: Mime) -> Iterator[Mime]:
    """Its parts, itself included, up to a bound."""
    for number, part in enumerate(mime.walk()):
        if number >= MAX_PARTS:
            return
        yield part


def content(part: Mime) -> str:
    """What a part holds, decoded by what it says of itself, with a mark for each byte that is not of that charset."""
    payload: Any = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        text = payload[:MAX_PART].decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        text = payload[:MAX_PART].decode("utf-8", "replace")
    return _clean(text)


def without_quotes(text: str) -> str:
    """The text without the mail it answers, as far as that shows; the whole where nothing else would be left."""
    kept: list[str] = []
    lines = text.splitlines()
    for number, each in enumerate(lines):
        if (
            _WROTE.match(each.strip())
            or _WROTE.match(" ".join(lines[number : number + 2]).strip())
            or _ORIGINAL.match(each)
        ):
            break
        if not each.lstrip().startswith(">"):
            kept.append(each)
    return "\n".join(kept).strip() or text.strip()


def _text(mime: Mime) -> str:
    """The first text part that is no attachment; without one, what the HTML says."""
    plain = _first(mime, "text/plain", str)
    return plain or _first(mime, "text/html", plain_of)


def _first(mime: Mime, kind: str, read_as: Callable[[str], str]) -> str:
    for part in parts(mime):
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            found = read_as(content(part)).strip()
            if found:
                return found
    return ""


def _is_automatic(mime: Mime, sender: str) -> bool:
    """Whether a program wrote it, by what programs say of themselves (RFC 3834) and by what older ones do."""
    submitted = line(mime, "Auto-Submitted").casefold()
    if submitted and not submitted.startswith("no"):
        return True
    if line(mime, "Precedence").casefold() in ("auto_reply", "auto-reply", "bulk", "junk", "list"):
        return True
    if any(mime.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "List-Id")):
        return True
    local = sender.partition("@")[0].casefold()
    return mime.get("Return-Path", "").strip() == "<>" or local in (
        "mailer-daemon",
        "postmaster",
        "noreply",
        "no-reply",
    )


def _clean(text: str) -> str:
    """A text that every database stores."""
    return _CONTROL.sub("\ufffd", text)
