"""How many posts a public address takes a minute. Asked before anything is written (reliability, R20)."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from triggers.api.rates import wait_for_turn

WINDOW: Final = timedelta(minutes=1)
# How often a process counts the rows while it lets in as many posts as the limit allows.
ASKED_PER_LIMIT: Final = 50
Stored = Callable[[], QuerySet[Any]]
# By address: how many posts this process lets in before it counts the rows again.
_unasked: dict[str, int] = {}
logger = logging.getLogger(__name__)


def seconds_to_wait(who: str, per_minute: int, stored: Stored, now: datetime) -> float:
    """0.0 where one more post to `who` (such as `webhook:5`) is taken, which is then counted; else how long to wait.

    Two counts, and the stricter decides. The cache counts every post; where it is not shared, each process
    has a count of its own. `stored` gives the rows of all processes, one for each post with its `received_at`;
    each process asks for them once for every fiftieth of the limit that it lets in. Nothing the sender says,
    such as X-Forwarded-For, has a part in either.
    """
    wait = _by_cache(who, per_minute, now)
    if wait:
        return wait
    between = per_minute // ASKED_PER_LIMIT
    left = min(_unasked.get(who, 0), between)
    wait = 0.0 if left else _by_rows(per_minute, stored, now)
    _unasked[who] = 0 if wait else left - 1 if left else between
    return wait


def _by_cache(who: str, per_minute: int, now: datetime) -> float:
    seconds = int(WINDOW.total_seconds())
    try:
        return wait_for_turn(f"in:{who}", per_minute, seconds, now.timestamp())
    except Exception:  # whatever the cache's server raises when it is gone: deliveries go on without it
        logger.warning(
            "The cache does not count; %s is limited by its rows alone.", who.replace(":", " "), exc_info=True
        )
        return 0.0


def _by_rows(per_minute: int, stored: Stored, now: datetime) -> float:
    recent = stored().filter(received_at__gt=now - WINDOW).order_by("-received_at")
    filling = recent.values_list("received_at", flat=True)[per_minute - 1 : per_minute].first()
    return 0.0 if filling is None else (filling + WINDOW - now).total_seconds()
