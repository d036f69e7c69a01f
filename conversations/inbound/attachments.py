"""Files that come with a message: which are kept, and where they lie until somebody downloads them."""

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Mime
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.inbound import mail as mails
from conversations.models import Attachment
from conversations.models.attachment import MAX_NAME
from triggers import files, sweeping

CHORE: Final = "attachments"
# Of one message; together they are at most as large as the largest mail that is fetched.
MOST: Final = 20
MAX_ALL: Final = 25 * files.MEGABYTE
# What people send each other besides what a form takes. Programs, pages and scripts are not among it.
KINDS: Final[dict[str, tuple[bytes, ...]]] = {
    **files.KINDS,
    "ppt": (b"\xd0\xcf\x11\xe0",), "pptx": (b"PK\x03\x04",), "odp": (b"PK\x03\x04",), "ods": (b"PK\x03\x04",),
    "rtf": (b"{\\rtf",), "zip": (b"PK",), "ics": (), "vcf": (), "eml": (), "bmp": (b"BM",), "tif": (), "tiff": (),
    "heif": (), "avif": (), "mp3": (), "m4a": (), "wav": (b"RIFF",), "ogg": (b"OggS",), "oga": (b"OggS",), "opus": (),
    "aac": (), "amr": (b"#!AMR",), "mp4": (), "m4v": (), "mov": (), "3gp": (), "3g2": (), "webm": (), "md": (),
}  # fmt: skip
# Where the table of types knows no ending, or one that nobody uses.
_ENDINGS: Final = {
    "image/jpeg": "jpg", "image/heic": "heic", "image/webp": "webp", "audio/amr": "amr", "audio/mp4": "m4a",
    "audio/mpeg": "mp3", "audio/ogg": "ogg", "audio/3gpp": "3gp", "video/3gpp": "3gp", "video/mp4": "mp4",
    "text/vcard": "vcf", "text/x-vcard": "vcf", "text/calendar": "ics", "text/plain": "txt", "message/rfc822": "eml",
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A file as it came along."""

    name: str
    content_type: str
    content: bytes


def in_mail(mime: Mime) -> list[Given]:
    """The files of a mail: what calls itself one, has a name, or is no text. A forwarded mail is one file."""
    return [_given(part) for part in _parts(mime) if _is_file(part)]


def keep(owner: Model, given: Sequence[Given], sources: Sequence[str], now: datetime) -> int:
    """Stores the files of a message or arrival, and notes what is to be fetched; how many there were in all.

    Call it within a transaction, under `triggers.files.undone_on_failure`.
    """
    rows, room = [], MAX_ALL
    for each in given[:MOST]:
        row = _row(owner, each.name, each.content_type)
        row.reason = fault(row.name, each.content, room)
        if row.reason:
            row.status, row.size = Attachment.Status.LEFT_OUT, len(each.content)
        else:
            room -= len(each.content)
            store(row, each.content)
        rows.append(row)
    for source in sources[: MOST - len(rows)]:
        name = urlsplit(source).path.rpartition("/")[2] or _("Attachment")
        row = _row(owner, name, "")
        row.source, row.status, row.due_at = source[:1000], Attachment.Status.WAITING, now
        rows.append(row)
    count = len(given) + len(sources)
    if count > len(rows):
        rows.append(_beyond(owner, count - len(rows)))
    for row in rows:
        row.save()
    if any(row.due_at for row in rows):
        sweeping.wake(CHORE)
    return count


def store(row: Attachment, content: bytes) -> None:
    """Puts the file where it is kept, and what it is into the row, which is not saved."""
    row.file.save(row.name, ContentFile(content), save=False)
    files.written(row.file)
    row.size, row.status, row.reason = len(content), Attachment.Status.KEPT, ""


def fault(name: str, content: bytes, room: int = MAX_ALL) -> str:
    """Why this file is not kept; empty where it is."""
    marks = KINDS.get(files.ending(name))
    if marks is None:
        return _("Files of this kind are not kept.")
    if not content:
        return _("It is empty.")
    if len(content) > min(files.MAX_SIZE, room):
        return _("It is too large. At most %(n)d MB of a file are kept, and %(all)d MB of a message.") % {
            "n": files.MAX_SIZE // files.MEGABYTE, "all": MAX_ALL // files.MEGABYTE,
        }  # fmt: skip
    return "" if files.begins_as(marks, content[: files.HEAD]) else _("It is not what its ending says.")


def named(name: str, content_type: str) -> str:
    """The name as it is kept, with an ending by its type where it has none."""
    plain = files.plain_name(name)
    if files.ending(plain) in KINDS:
        return plain[-MAX_NAME:]
    guessed = _ENDINGS.get(content_type) or (mimetypes.guess_extension(content_type) or "").lstrip(".")
    return f"{plain[: MAX_NAME - 10]}.{guessed}" if guessed and not files.ending(plain) else plain[-MAX_NAME:]


def _row(owner: Any, name: str, content_type: str) -> Attachment:
    kind = "".join(letter for letter in content_type.lower()[:100] if letter.isprintable())
    return Attachment(**{owner._meta.model_name: owner}, name=named(name, kind), content_type=kind)


def _beyond(owner: Any, n: int) -> Attachment:
    row = _row(owner, ngettext("%(n)d more file", "%(n)d more files", n) % {"n": n}, "")
    row.status, row.reason = Attachment.Status.LEFT_OUT, _("At most %(n)d files of a message are kept.") % {"n": MOST}
    return row


def _parts(mime: Mime) -> Iterator[Mime]:
    """Its parts, up to a bound; not those within a mail that was attached."""
    waiting, seen = [mime], 0
    while waiting and seen < mails.MAX_PARTS:
        part, seen = waiting.pop(0), seen + 1
        yield part
        if part.get_content_type() != "message/rfc822" and part.is_multipart():
            waiting[:0] = [each for each in part.get_payload() if isinstance(each, Mime)]


def _is_file(part: Mime) -> bool:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return True
    if part.is_multipart():
        return False
    named_so = part.get_content_disposition() == "attachment" or bool(part.get_filename())
    return named_so or part.get_content_maintype() != "text" or kind == "text/calendar"


def _given(part: Mime) -> Given:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], Mime) else None
        name = (mails.line(first, "Subject") if first else "") or _("Mail")
        return Given(f"{files.plain_name(name)[:60]}.eml", kind, first.as_bytes() if first else b"")
    content: Any = part.get_payload(decode=True)
    name = mails.decoded(part.get_filename() or "") or _("Attachment")
    return Given(name, kind, content if isinstance(content, bytes) else b"")
