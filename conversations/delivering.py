"""Handing one mail to the mail server, and what its answer means for the action that sends.

The border that matters is DATA: before it the server has nothing it could deliver, after it a broken
connection leaves open whether it does (RFC 1047).
"""

import logging
import smtplib
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import bounces
from conversations.gateways import Delivery
from triggers.action_types import Done, Fail, Hold, Retry, Unsure

log = logging.getLogger(__name__)

# The server wants credentials, or other ones (RFC 4954, 6): nobody's mail goes until they are repaired.
WANTS_LOGIN: Final = (530, 534, 535, 538)
_WANTS_LOGIN: Final = gettext_lazy(
    "%(server)s refused the user name or password: %(reply)s. Correct them in EMAIL_URL."
)
MAILBOX: Final = "conversations.mailbox.MailboxBackend"


def server() -> str:
    """The receiver that mail actions share, for limits and holds; empty where no server is called."""
    if settings.EMAIL_BACKEND == MAILBOX:
        return ""
    return f"mail:{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def deliver(mail: EmailMessage) -> Delivery:
    """Sends the mail by the configured backend. `Unsure` where it may have left; never raises for the server."""
    connection = get_connection()
    try:
        try:
            connection.open()
        except OSError as error:
            return _not_opened(error)
        data_began = _noting_data(connection)
        try:
            taken = connection.send_messages([mail])
        except OSError as error:
            return _not_sent(error, data_began())
        except ValueError as error:
            return Delivery(Fail(_("The mail cannot be written: %(error)s") % {"error": error}))
        return Delivery(Done() if taken else Retry(_("The mail backend did not take the mail.")))
    finally:
        _close(connection)


def _not_opened(error: OSError) -> Delivery:
    """No conversation came about, so no mail was refused: only credentials need a person."""
    code, reply = _reply(error)
    words = _words(code, reply)
    if code in WANTS_LOGIN:
        return Delivery(Hold(_WANTS_LOGIN % words), code, reply)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Delivery(Hold(_("%(server)s does not offer what EMAIL_URL asks for: %(reply)s") % words))
    return Delivery(Retry(_("%(server)s could not be reached: %(reply)s") % words), code, reply)


def _not_sent(error: OSError, data_began: bool) -> Delivery:
    """The server refused this mail, or the connection broke on the way."""
    code, reply = _reply(error)
    words = _words(code, reply)
    if code is None and data_began:
        why = _("The connection to %(server)s broke while it took the mail, which may or may not have left.")
        return Delivery(Unsure(why % words), reply=reply)
    if code in WANTS_LOGIN:
        return Delivery(Hold(_WANTS_LOGIN % words), code, reply)
    # 4xx passes, 5xx does not (RFC 5321, 4.2.1).
    if code is None or code < 500:
        return Delivery(Retry(_("%(server)s did not take the mail for now: %(reply)s") % words), code, reply)
    refusal = Fail(_("%(server)s refused the mail: %(reply)s") % words)
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return Delivery(refusal, code, reply, error_code=str(code))
    return Delivery(refusal, code, reply, error_code=bounces.code_of(code, reply), bounced=True,
                    lasting=bounces.is_lasting(code, reply))  # fmt: skip


def _words(code: int | None, reply: str) -> dict[str, str]:
    return {"server": settings.EMAIL_HOST, "reply": f"{code} {reply}" if code else reply}


def _reply(error: OSError) -> tuple[int | None, str]:
    """The server's code and words; no code where it said nothing that can be read."""
    code: int
    text: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return None, str(error) or type(error).__name__
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return (code if 400 <= code < 600 else None), " ".join(words.split())[:300]


def _noting_data(connection: Any) -> Callable[[], bool]:
    """Asks whether DATA was begun on the open connection; always yes where it is not SMTP and cannot be seen."""
    smtp = getattr(connection, "connection", None)
    if not isinstance(smtp, smtplib.SMTP):
        return lambda: True
    begun: list[bool] = []
    send_data = smtp.data

    def data(msg: Any) -> tuple[int, bytes]:
        begun.append(True)
        return send_data(msg)

    smtp.data = data  # type: ignore[method-assign]
    return lambda: bool(begun)


def _close(connection: Any) -> None:
    """A failure to say goodbye changes nothing about the mail."""
    try:
        connection.close()
    except OSError as error:
        log.info("closing the mail connection failed: %s", error)
