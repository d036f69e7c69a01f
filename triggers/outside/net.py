"""The one HTTP client for URLs that people type: public addresses only, one look-up, no redirects, bounded in
time and size. A failure says whether anything can have reached the receiver.
"""

import logging
import re
import socket
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from threading import Thread
from typing import Any
from urllib.parse import SplitResult

from django.utils.translation import gettext as _
from requests import RequestException  # noqa: TID251  this is the module that others are sent to
from urllib3.exceptions import HTTPError

from triggers.outside.pinned_http import Endpoint, Route, session
from triggers.outside.public_urls import NotSent, UnsafeUrl, check_address, check_url, parse, port_of

__all__ = [
    "MaybeSent",
    "NotSent",
    "Response",
    "UnsafeHeader",
    "UnsafeUrl",
    "check_headers",
    "check_url",
    "send",
]

BODY_LIMIT = 64 * 1024
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"([!-~]([\t -~]*[!-~])?)?")
# They frame the message or choose the site behind the address: URL and body decide them.
_OUR_HEADERS = {
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "te",
    "transfer-encoding",
}

logger = logging.getLogger(__name__)
# urllib3 writes whole URLs, and a query may hold a secret.
logging.getLogger("urllib3").setLevel(logging.ERROR)


class MaybeSent(Exception):
    """The connection stood and then failed: the receiver may have acted on the request."""


class UnsafeHeader(UnsafeUrl):
    """A header that is not sent; the message tells its author why."""


@dataclass(frozen=True)
class Response:
    """What the receiver answered; `headers` has lower-case keys, `body` is as it came, never decompressed.

    `ms`: milliseconds from connecting to the last byte read. `truncated`: the body is longer than
    the limit, or broke off, or took longer than the time allowed.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    ms: int
    truncated: bool = False


def check_headers(headers: Mapping[str, str]) -> None:
    """Raise `UnsafeHeader` for a name or value that HTTP cannot carry, or a header that is ours to set."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            text = _("“%(name)s” is not a header name. Use letters, digits and hyphens.")
        elif name.lower() in _OUR_HEADERS:
            text = _("The header %(name)s follows from the URL and the body. Take it out.")
        elif not _HEADER_VALUE.fullmatch(value):
            text = _("The value of %(name)s is not one line of plain ASCII without spaces around it.")
        else:
            continue
        raise UnsafeHeader(text % {"name": name})


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] = {},
    body: bytes = b"",
    timeout: tuple[float, float] = (5, 20),
    limit: int = BODY_LIMIT,
) -> Response:
    """Send once and return whatever came back, 3xx and 5xx included.

    `timeout`: seconds for each step to a connection (look-up, connect, TLS), and for everything together.
    `limit`: so many bytes of the body are read.
    Raises `UnsafeUrl` or another `NotSent` while nothing can have left, `MaybeSent` afterwards. Once status
    and headers are in, a failing body only truncates the `Response`: the receiver has answered.
    """
    started = time.monotonic()
    check_headers(headers)
    parts = parse(url)
    host = parts.hostname or ""
    route = Route(_endpoints(host, port_of(parts), timeout[0]), started + timeout[1])
    shown = f"{parts.scheme}://{parts.netloc}{parts.path}"  # a query may hold a secret
    try:
        response = _exchange(route, method, parts, dict(headers), body, timeout, limit)
    except (RequestException, HTTPError, HTTPException, OSError) as error:
        cause = _cause(error)
        logger.info("%s %s failed: %r", method, shown, cause)
        kind = MaybeSent if route.stood else NotSent
        # Chained to the cause alone, for the texts in between quote the URL with its query.
        raise kind(_reason(cause, host)) from cause
    logger.info("%s %s answered %d in %d ms", method, shown, response.status, response.ms)
    return response


def _exchange(
    route: Route,
    method: str,
    parts: SplitResult,
    headers: dict[str, str],
    body: bytes,
    timeout: tuple[float, float],
    limit: int,
) -> Response:
    started = time.monotonic()
    with session(route) as opened:
        answer = opened.request(method, parts.geturl(), headers=headers, data=body, stream=True, timeout=timeout)
        with answer:
            content, truncated = _read(answer.raw, limit)
    received = {name.lower(): _printable(value) for name, value in answer.headers.items()}
    ms = round((time.monotonic() - started) * 1000)
    return Response(answer.status_code, received, content, ms, truncated)


def _read(raw: Any, limit: int) -> tuple[bytes, bool]:
    """The body as it came over the wire, up to the limit, and whether something of it is missing."""
    body = bytearray()
    try:
        while len(body) <= limit and (part := raw.read1(BODY_LIMIT, decode_content=False)):
            body += part
    except (HTTPError, HTTPException, OSError):
        return bytes(body[:limit]), True
    return bytes(body[:limit]), len(body) > limit


def _endpoints(host: str, port: int, seconds: float) -> list[Endpoint]:
    """Every address of the host, looked up once and each checked: one private answer refuses them all."""
    try:
        answers = _look_up(host, port, seconds)
    except TimeoutError:
        raise NotSent(_("Looking up %(host)s took too long.") % {"host": host}) from None
    except (OSError, UnicodeError) as error:
        raise NotSent(_("The name %(host)s cannot be found.") % {"host": host}) from error
    endpoints = [(family, address) for family, _type, _protocol, _name, address in answers]
    for _family, address in endpoints:
        check_address(ip_address(address[0]), host)
    return endpoints


def _look_up(host: str, port: int, seconds: float) -> list[Any]:
    # getaddrinfo knows no timeout: it answers from a thread that nobody waits for after `seconds`.
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return answer.result(seconds)


def _cause(error: BaseException) -> BaseException:
    while isinstance(error, RequestException | HTTPError) and (inner := error.__cause__ or error.__context__):
        error = inner
    return error


def _reason(cause: BaseException, host: str) -> str:
    match cause:
        case ssl.SSLCertVerificationError():
            text = _("The certificate of %(host)s is not valid: %(reason)s")
        case TimeoutError():
            text = _("%(host)s did not answer in time.")
        case ConnectionRefusedError():
            text = _("%(host)s refused the connection.")
        case _other:
            text = _("The connection to %(host)s broke: %(reason)s")
    said = getattr(cause, "verify_message", "") or str(cause)
    return text % {"host": host, "reason": _printable(said)[:200]}


def _printable(text: str) -> str:
    """One line that any database and log stores: control characters, NUL among them, become spaces."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text)
