"""Who asks at a public address: how they came, how often one internet address may, and what is no visitor at all."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from triggers.api.rates import wait_for_turn
from triggers.outside import programs

logger = logging.getLogger(__name__)
MAX_ADDRESS: Final = 500
MAX_UTM: Final = 120
UTM: Final = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")


def is_program(request: HttpRequest) -> bool:
    """Whether a program asks ahead of a person: HEAD, a prefetch, a scanner of mails, a crawler."""
    agent = request.headers.get("User-Agent", "")
    return request.method == "HEAD" or programs.is_ahead(request.headers) or programs.is_program(agent)


def wants_no_tracking(request: HttpRequest) -> bool:
    """Do Not Track and Global Privacy Control: then nothing is written down."""
    return request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1"


def address_of(request: HttpRequest) -> str:
    """Where the request came from. What it says of itself counts only behind so many proxies of ours (`NUM_PROXIES`)."""
    proxies = settings.REST_FRAMEWORK.get("NUM_PROXIES") or 0
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and said:
        return str(said[-min(proxies, len(said))])
    return str(request.META.get("REMOTE_ADDR", ""))


def mark_of(request: HttpRequest, now: datetime) -> str:
    """A mark for who asks, good for this day alone: nobody can tell an address from it, nor one day's from another's."""
    agent = request.headers.get("User-Agent", "")
    told = f"{now:%Y-%m-%d}|{address_of(request)}|{agent}".encode(errors="replace")
    return salted_hmac("capture.mark", told, algorithm="sha256").hexdigest()[:32]


def seconds_to_wait(what: str, request: HttpRequest, per_minute: int, in_all: int, now: datetime) -> float:
    """0.0 where one more is taken, which is then counted: so many a minute from one address, and from all together."""
    at = now.timestamp()
    try:
        one = salted_hmac("capture.rate", address_of(request).encode(errors="replace")).hexdigest()[:24]
        return wait_for_turn(f"{what}:{one}", per_minute, 60, at) or wait_for_turn(what, in_all, 60, at)
    except Exception:  # whatever the cache's server raises when it is gone: visitors go on without it
        logger.warning("The cache does not count; %s is not limited.", what, exc_info=True)
        return 0.0


def utm_of(query: Mapping[str, str]) -> dict[str, str]:
    """The campaign that an address names, in lines of bounded length."""
    found = {name: _line(query.get(name, ""), MAX_UTM) for name in UTM}
    return {name: value for name, value in found.items() if value}


def address(text: str) -> str:
    """An http address as it may be kept; empty for anything else."""
    line = _line(text, MAX_ADDRESS)
    return line if line.startswith(("https://", "http://")) else ""


def _line(text: str, limit: int) -> str:
    return "".join(letter for letter in text[: 4 * limit] if letter.isprintable() and not _is_half(letter))[
        :limit
    ].strip()


def _is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"
