"""What providers of mail tell of ours, and the mail that comes in by them: the same thing from each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.message import Message as Mime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from conversations import machines
from conversations.happenings import Happening, record_mail_event
from conversations.inbound.mails import receive_mail
from providers.frame import Handled

# Told of what changes nothing: queued, deferred, accepted.
ON_ITS_WAY: Final = _("It says only that the mail is on its way.")
MAX_HEADERS: Final = 300
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
    headers: Iterable[tuple[str, str]], text: str, html: str, gateway: str, number: str, now: datetime
) -> Handled:
    """Takes in a mail that the provider has taken apart: put together again, it is read as any other."""
    taken = receive_mail(put_together(headers, text, html), gateway, number, now)
    return Handled(taken.message.contact_id if taken.message else None, ignored=taken.why)


def put_together(headers: Iterable[tuple[str, str]], text: str, html: str) -> bytes:
    """A mail of these headers and this text; of the HTML where there is no text."""
    mime = Mime()
    for name, value in list(headers)[:MAX_HEADERS]:
        if name.isascii() and name.replace("-", "").isalnum() and name.lower() not in _OF_PARTS:
            mime[name] = " ".join(value.split())
    mime.set_payload((text or html).encode(errors="replace"), "utf-8")
    mime.set_type("text/plain" if text or not html else "text/html")
    return mime.as_bytes()
