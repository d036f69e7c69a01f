"""Fetching mail by IMAP, by its UIDs (RFC 9051): nothing is marked, moved or deleted on the server."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from conversations.models import MailAccount
from triggers.outside.public_urls import UnsafeUrl, check_address

SECONDS: Final = 20
PORTS: Final = (143, 993)
MAX_SIZE: Final = 25 * 1024 * 1024
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_FIELDS: Final = re.compile(rb"UID (\d+)|RFC822\.SIZE (\d+)|INTERNALDATE \"([^\"]+)\"")
# A folder's name cannot end the command it stands in.
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f\"\\]")


class MailServerError(Exception):
    """The server could not be asked; the message is for staff. `final`: it will not get better by itself."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


@dataclass(frozen=True)
class Head:
    """What is known of a mail before it is fetched."""

    uid: int
    size: int
    at: datetime | None


def check_host(host: str, port: int) -> None:
    """Raises ValueError for a server that is not called; names are resolved only when it is."""
    if not _HOST.fullmatch(host):
        raise ValueError(_("Write the server's name alone, such as imap.example.org."))
    if port not in PORTS and not _is_trusted(host):
        raise ValueError(_("Mail is fetched on port 993, or 143 with STARTTLS."))


class Folder:
    """An open folder. `validity` is its UIDVALIDITY: with another one, UIDs mean other mails."""

    def __init__(self, imap: imaplib.IMAP4, validity: int, next_uid: int) -> None:
        self._imap = imap
        self.validity, self.next_uid = validity, next_uid

    def after(self, uid: int, limit: int) -> list[Head]:
        """The next mails after this UID, in order."""
        data = _asked(self._imap.uid("SEARCH", f"UID {uid + 1}:*"))
        # “n:*” always names the newest mail, also where that comes before n.
        found = sorted(number for number in map(int, b" ".join(data).split()) if number > uid)[:limit]
        if not found:
            return []
        heads = _asked(self._imap.uid("FETCH", ",".join(map(str, found)), "(UID RFC822.SIZE INTERNALDATE)"))
        known = {head.uid: head for head in map(_head, _lines(heads)) if head is not None}
        return [known.get(number, Head(number, 0, None)) for number in found]

    def fetch(self, uid: int) -> bytes | None:
        """The mail's bytes, without marking it as read; None where it is gone meanwhile."""
        data = _asked(self._imap.uid("FETCH", str(uid), "(UID BODY.PEEK[])"))
        return next((item[1] for item in data if isinstance(item, tuple) and isinstance(item[1], bytes)), None)


@contextmanager
def opened(account: MailAccount) -> Iterator[Folder]:
    """The account's folder, opened to look only. Raises MailServerError, also for what breaks within the block."""
    imap = None
    try:
        imap = _connected(account)
        try:
            imap.login(account.username, str(account.password))
        except imaplib.IMAP4.error as error:
            words = {"server": account.host, "reply": _said(error)}
            why = _("%(server)s refused the user name or password: %(reply)s") % words
            raise MailServerError(why, final=True) from error
        yield _folder(imap, account)
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        words = {"server": account.host, "reply": _said(error)}
        raise MailServerError(_("%(server)s could not be asked: %(reply)s") % words) from error
    finally:
        if imap is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                imap.logout()


def _connected(account: MailAccount) -> imaplib.IMAP4:
    check_host(account.host, account.port)
    imap = _Pinned(account.host, account.port, tls=account.security == MailAccount.Security.TLS)
    if account.security == MailAccount.Security.STARTTLS:
        imap.starttls(ssl.create_default_context())
    return imap


class _Pinned(imaplib.IMAP4):
    """Connects to the address that was checked, not to what the name means a moment later."""

    def __init__(self, host: str, port: int, *, tls: bool) -> None:
        self._tls = tls
        super().__init__(host, port, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        [(family, _type, _proto, _name, address), *_others] = socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM
        )
        if not _is_trusted(self.host):
            check_address(ip_address(address[0]), self.host)
        raw = socket.socket(family, socket.SOCK_STREAM)
        try:
            raw.settimeout(timeout)
            raw.connect(address)
            return ssl.create_default_context().wrap_socket(raw, server_hostname=self.host) if self._tls else raw
        except BaseException:
            raw.close()
            raise


def _is_trusted(host: str) -> bool:
    """Whether the installation's settings allow this server wherever it stands."""
    return host.lower() in [each.lower() for each in settings.IMAP_PRIVATE_HOSTS]


def _folder(imap: imaplib.IMAP4, account: MailAccount) -> Folder:
    if _UNSAFE.search(account.folder):
        raise MailServerError(_("The folder's name holds a quote or a control character."), final=True)
    status, data = imap.select(f'"{account.folder}"', readonly=True)
    if status != "OK":
        words = {"folder": account.folder, "reply": _said(data)}
        raise MailServerError(_("There is no folder “%(folder)s”: %(reply)s") % words, final=True)
    return Folder(imap, _number(imap, "UIDVALIDITY"), _number(imap, "UIDNEXT"))


def _number(imap: imaplib.IMAP4, name: str) -> int:
    data = imap.response(name)[1]
    found = data[0] if data else None
    return int(found) if isinstance(found, bytes) and found.isdigit() else 0


def _asked(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise MailServerError(_("The mail server refused: %(reply)s") % {"reply": _said(data)})
    return [item for item in data if item is not None]


def _lines(data: list[Any]) -> list[bytes]:
    return [item[0] if isinstance(item, tuple) else item for item in data]


def _head(line: bytes) -> Head | None:
    uid, size, at = 0, 0, None
    for found in _FIELDS.finditer(line):
        uid, size = int(found.group(1) or uid), int(found.group(2) or size)
        at = _moment(found.group(3)) if found.group(3) else at
    return Head(uid, size, at) if uid else None


def _moment(stamp: bytes) -> datetime | None:
    """The moment the server got it, such as 17-Jul-1996 02:44:25 -0700."""
    try:
        return parsedate_to_datetime(stamp.decode("ascii", "replace").strip().replace("-", " ", 2)).astimezone(UTC)
    except ValueError:
        return None


def _said(words: object) -> str:
    """A server's words as one line for staff."""
    if isinstance(words, imaplib.IMAP4.error) and words.args:
        words = words.args[0]
    if isinstance(words, list):
        words = b" ".join(word for word in words if isinstance(word, bytes))
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return " ".join(text.split())[:200]


__all__ = ["Folder", "Head", "MailServerError", "UnsafeUrl", "check_host", "opened"]
