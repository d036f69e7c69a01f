"""Asking a provider's API: one GET through the safe client, and what each way it can fail means for a delivery."""

import json
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from providers.frame import Json, Later, Unclear
from triggers.api.parsers import Unreadable, parse_json
from triggers.outside import exchange, net

TIMEOUT: Final = (5.0, 10.0)
# Refused credentials and limits do not mend themselves within seconds.
PATIENCE: Final = timedelta(hours=1)


def get(url: str, headers: dict[str, str], now: datetime) -> Json:
    """The JSON object at the address. Raises `Later` for a passing trouble, `Unclear` for any other.

    Nothing of the address but its host is told, and nothing of the headers.
    """
    answer = ask(url, {"Accept": "application/json", **headers}, now)
    return _object(answer, {"host": urlsplit(url).hostname})


def ask(
    url: str, headers: dict[str, str], now: datetime, *, limit: int = net.BODY_LIMIT,
    timeout: tuple[float, float] = TIMEOUT,
) -> net.Response:  # fmt: skip
    """The same for whatever lies there, of which `limit` bytes are read; the answer is a 200."""
    host = urlsplit(url).hostname
    try:
        answer = net.send("GET", url, headers=headers, timeout=timeout, limit=limit)
    except net.UnsafeUrl as error:
        raise Unclear(str(error)) from None
    except (net.NotSent, net.MaybeSent) as error:
        raise Later(str(error)) from None
    words: dict[str, Any] = {"host": host, "status": answer.status, "said": _said(answer)}
    if answer.status == 200:
        return answer
    if answer.status in (401, 403):
        raise Later((_("%(host)s refused the access token: %(said)s Enter another.") % words)[:300], PATIENCE)
    text = (_("%(host)s answered %(status)d. %(said)s") % words).strip()[:300]
    if answer.status == 429 or answer.status >= 500:
        raise Later(text, exchange.retry_after(answer.headers.get("retry-after", ""), now))
    raise Refused(text, answer)


class Refused(Unclear):
    """Any other 4xx; `code` is the number of the error that the provider's JSON names, if any, `status` HTTP's."""

    def __init__(self, text: str, answer: net.Response) -> None:
        super().__init__(text)
        self.code, self.status = _code(answer), answer.status


def _object(answer: net.Response, words: dict[str, Any]) -> Json:
    try:
        found = parse_json(answer.body)
    except Unreadable:
        found = None
    if answer.truncated or not isinstance(found, dict):
        raise Unclear(_("%(host)s answered something that is no JSON object, or is too long.") % words)
    return found


def _said(answer: net.Response) -> str:
    """The first words of what was answered to a refusal; a success may hold anything."""
    return exchange.first_words(exchange.text_of(answer.body)) if answer.status != 200 else ""


def _code(answer: net.Response) -> int | None:
    try:
        error = json.loads(answer.body).get("error")
    except (ValueError, AttributeError, RecursionError):
        return None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else None
