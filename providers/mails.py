"""What providers of mail tell of ours, and the mail that comes in by them: the same thing from each."""

import re
from base64 import b64decode
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.message import Message as Mime
from email.parser import BytesHeaderParser
from typing import Any, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from conversations import machines
from conversations.happenings import Happening, record_mail_event
from conversations.inbound import mail
from conversations.inbound.mails import receive_mail
from providers.base import field_of
from providers.frame import Handled, Json, Unclear

# Told of what changes nothing: queued, deferred, accepted.
ON_ITS_WAY: Final = _("It says only that the mail is on its way.")
MAX_HEADERS: Final = 300
MAX_FILES: Final = 100
MAX_NAME: Final = 200
# A mail with its files in base64; more than that no provider of mail sends.
MAX_BODY: Final = 36 * 1024 * 1024
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=\s]+")
_TYPE: Final = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+", re.IGNORECASE)
# These describe the parts that the provider has taken apart.
_OF_PARTS: Final = ("content-type", "content-transfer-encoding", "content-disposition", "mime-version")


def record(happenings: Sequence[Happening], message_id: str, now: datetime) -> Handled:
    """Notes what happened to the mail of ours with this Message-ID; one for each of its receivers."""
    done = [record_mail_event(each, now, message_id=message_id) for each in happenings]
    contact = next((each.message.contact_id for each in done if each.message), None)
    changed = any(each.changed for each in done)
    return Handled(contact, ignored="" if changed or not done else done[0].why)


def happened(kind: str, at: datetime, *, user_agent: str = "", machine: bool = False, **more: Any) -> Happening:
    """A happening; by a program where the provider or the user agent says so."""
    by_program = machine or (bool(user_agent) and machines.is_program(user_agent, None, at))
    return Happening(kind, at, user_agent=user_agent[:300], machine=by_program, **more)


def receive(
    headers: Iterable[tuple[str, str]], text: str, html: str, gateway: str, number: str, now: datetime, files: Any = ()
) -> Handled:
    """Takes in a mail that the provider has taken apart: put together again, it is read as any other."""
    taken = receive_mail(put_together(headers, text, html, files), gateway, number, now)
    return Handled(taken.message.contact_id if taken.message else None, ignored=taken.why)


def receive_raw(raw: Any, gateway: str, number: str, now: datetime) -> Handled:
    """Takes in a mail that the provider has left whole: its bytes in base64. Raises `Unclear`."""
    try:
        content = b64decode(raw, validate=True) if isinstance(raw, str) else b""
    except ValueError:
        content = b""
    if not content:
        raise Unclear(_now("The mail itself is not kept with this delivery, or not any more."))
    taken = receive_mail(content, gateway, number, now)
    return Handled(taken.message.contact_id if taken.message else None, ignored=taken.why)


def number_of(raw: bytes) -> str:
    """The Message-ID of a mail; "" where it has none."""
    return next(iter(mail.ids(BytesHeaderParser().parsebytes(raw), "Message-ID")), "")


def put_together(headers: Iterable[tuple[str, str]], text: str, html: str, files: Any = ()) -> bytes:
    """A mail of these headers, this text, and files as `carried` has them; of the HTML where there is no text."""
    mime = Mime()
    for name, value in list(headers)[:MAX_HEADERS]:
        if name.isascii() and name.replace("-", "").isalnum() and name.lower() not in _OF_PARTS:
            mime[name] = " ".join(value.split())
    body = Mime()
    body.set_payload((text or html).encode(errors="replace"), "utf-8")
    body.set_type("text/plain" if text or not html else "text/html")
    attached = [part for part in map(_part, files[:MAX_FILES]) if part] if isinstance(files, list) else []
    if attached:
        mime["MIME-Version"] = "1.0"
        mime["Content-Type"] = "multipart/mixed"
        mime.set_payload([body, *attached])
    else:
        mime.set_payload(body.get_payload())
        for name, value in body.items():
            mime[name] = value
    return mime.as_bytes()


def carried(files: Iterable[tuple[str, str, str]]) -> list[Json]:
    """Files as an item keeps them until it is done: name, type, and content in base64."""
    return [
        {"name": name[:MAX_NAME], "type": kind[:MAX_NAME], "content": content}
        for name, kind, content in files
        if _BASE64.fullmatch(content)
    ][:MAX_FILES]


def without_files(data: Json) -> Json:
    """The item without what its files hold, and without the mail itself: they lie with the message."""
    if "raw" in data:
        data = {**data, "raw": ""}
    files = data.get("files")
    if not isinstance(files, list):
        return data
    return {**data, "files": [{**each, "content": ""} for each in files if isinstance(each, dict)]}


def _part(file: Any) -> Mime | None:
    kind, content = field_of(file, "type"), field_of(file, "content")
    if not content:
        return None
    part = Mime()
    part["Content-Type"] = kind if _TYPE.fullmatch(kind) else "application/octet-stream"
    part["Content-Transfer-Encoding"] = "base64"
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", field_of(file, "name")))
    part.set_payload(content)
    return part
