"""One exchange with a receiver outside, for an action: the request out, the answer in, and how each way it
can fail ends the action (design, 8; providers, 11).
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import DatabaseError
from django.utils.http import parse_http_date_safe
from django.utils.translation import gettext as _

from triggers.action_types import Fail, Hold, Outcome, Retry, Unsure
from triggers.models.event import Event
from triggers.outside import net
from triggers.secrets import SecretUnreadable

CONNECT_SECONDS: Final = 5.0
# A longer Retry-After counts as this long.
LONGEST_PAUSE: Final = timedelta(hours=24)
FIRST_WORDS: Final = 200


class Failed(Exception):
    """The exchange failed; `outcome` is how the action ends."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def outcome_of(act: Callable[[], Outcome]) -> Outcome:
    """What `act` returns, or how the exchange that failed within it ends the action."""
    try:
        return act()
    except Failed as failed:
        return failed.outcome
    except net.UnsafeUrl as error:
        return Fail(str(error))
    except SecretUnreadable as error:
        return Hold(str(error))
    except DatabaseError as error:
        # All reading and writing of rows comes before the call that counts.
        return Retry(_("Nothing was sent, for the database failed: %(error)s") % {"error": error})


@dataclass
class Time:
    """The seconds left for everything that one try sends, from now on."""

    seconds: float
    _began: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Raises `Failed` when there is none left; what was to be sent next has not been."""
        left = self._began + self.seconds - time.monotonic()
        if left <= 0:
            raise Failed(Retry(_("The time allowed was over before the request could be sent.")))
        return left


def send(
    method: str, url: str, headers: dict[str, str], body: bytes, allowed: Time, *, repeatable: bool
) -> net.Response:
    """The answer, whatever its status. Raises `Failed` where there is none; *uncertain* unless `repeatable`."""
    left = allowed.left()
    try:
        return net.send(method, url, headers=headers, body=body, timeout=(min(CONNECT_SECONDS, left), left))
    except net.UnsafeUrl as error:
        raise Failed(Fail(str(error))) from error
    except net.NotSent as error:
        raise Failed(Retry(str(error))) from error
    except net.MaybeSent as error:
        raise Failed(Retry(str(error)) if repeatable else Unsure(str(error))) from error


def failure(url: str, answer: net.Response, said: str, now: datetime, *, repeatable: bool) -> Outcome:
    """How an answer that is no success ends the action. `said`: what the receiver wrote, if anything."""
    words = {"host": urlsplit(url).hostname, "status": answer.status, "said": first_words(said)}
    status, text = answer.status, _("%(host)s answered %(status)d. %(said)s")
    if status == 410:
        return Fail(_("%(host)s answered 410: it takes nothing more at this URL.") % words, disable=True)
    if status in (401, 403):
        text = _("%(host)s refused the credentials with %(status)d. Repair them, then let it be called again. %(said)s")
        return Hold((text % words).strip())
    if 300 <= status < 400:
        text = _("%(host)s answered %(status)d, a redirect, and those are not followed. Enter the URL it leads to.")
        return Fail(text % words)
    if status == 429 or status >= 500:
        # 429 and 503 say that nothing was done; after any other the receiver may have acted.
        if repeatable or status in (429, 503):
            return Retry((text % words).strip(), retry_after(answer.headers.get("retry-after", ""), now))
        return Unsure((text % words).strip())
    return Fail((text % words).strip())


def retry_after(value: str, now: datetime) -> timedelta | None:
    """The pause a Retry-After header asks for, in seconds or until an HTTP date, a day at most; None if none."""
    if re.fullmatch(r"[0-9]{1,9}", value):
        pause = timedelta(seconds=int(value))
    elif (moment := parse_http_date_safe(value)) is not None:
        pause = timedelta(seconds=moment - now.timestamp())
    else:
        return None
    return min(pause, LONGEST_PAUSE) if pause > timedelta(0) else None


def receiver(url: str) -> str:
    """Scheme, host and port: whom limits and holds are about. Empty for what is no URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def marks(event: Event) -> dict[str, str]:
    """Headers by which a loop through the outside is told: the event, and how deep its effects are (R21)."""
    return {"concours-event": str(event.pk), "concours-depth": str(event.depth + 1)}


def text_of(body: bytes) -> str:
    """The body as text that every database stores: NUL and what is no UTF-8 become U+FFFD."""
    return body.decode("utf-8-sig", errors="replace").replace("\0", "\ufffd")


def first_words(text: str) -> str:
    return " ".join(text[: 5 * FIRST_WORDS].split())[:FIRST_WORDS]
