"""How many posts a public address takes a minute. Asked before anything is written (reliability, R20)."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Model, QuerySet
from rest_framework.exceptions import APIException

from triggers.api.rates import wait_for_turn

WINDOW: Final = timedelta(minutes=1)
# How often a process counts the rows while it lets in as many posts as the limit allows.
ASKED_PER_LIMIT: Final = 50
# This near the limit posts go one after another: more than all processes let in between two counts, and more than
# are on their way at once.
NEAR: Final = 50
NEAR_PER_LIMIT: Final = 10
Stored = Callable[[], QuerySet[Any]]
# By address: how many posts this process lets in before it counts the rows again.
_unasked: dict[str, int] = {}
logger = logging.getLogger(__name__)


@contextmanager
def turn(who: str, row: Model, per_minute: int, stored: Stored, now: datetime) -> Iterator[float]:
    """Within the block one more post to `who` (such as `webhook:5`) is stored, where what it is given is 0.0; else
    that is how many seconds to wait.

    Two counts, and the stricter decides. The cache counts every post; where it is not shared, each process
    has a count of its own. `stored` gives the rows of all processes, one for each post with its `received_at`;
    each process asks for them once for every fiftieth of the limit that it lets in. Near the limit each post is
    counted and stored under the lock of `row`, so that all processes together keep it. Nothing the sender says,
    such as X-Forwarded-For, has a part in either.
    """
    wait = _by_cache(who, per_minute, now)
    if wait or _is_far(who, per_minute, stored, now):
        yield wait
        return
    refused = None
    with transaction.atomic():
        list(type(row)._default_manager.select_for_update(no_key=True).filter(pk=row.pk).values_list("pk"))
        try:
            yield _by_rows(per_minute, stored, now)
        except APIException as error:
            # What is answered with a refusal is no fault: what was kept of it stays.
            refused = error
    if refused is not None:
        raise refused


def _by_cache(who: str, per_minute: int, now: datetime) -> float:
    seconds = int(WINDOW.total_seconds())
    try:
        return wait_for_turn(f"in:{who}", per_minute, seconds, now.timestamp())
    except Exception:  # whatever the cache's server raises when it is gone: deliveries go on without it
        logger.warning(
            "The cache does not count; %s is limited by its rows alone.", who.replace(":", " "), exc_info=True
        )
        return 0.0


def _is_far(who: str, per_minute: int, stored: Stored, now: datetime) -> bool:
    """Whether so few posts came that the next few need no count."""
    between = per_minute // ASKED_PER_LIMIT
    left = min(_unasked.get(who, 0), between)
    far = per_minute - max(NEAR, per_minute // NEAR_PER_LIMIT)
    if not left and (far <= 0 or _oldest_of(far, stored, now) is not None):
        _unasked[who] = 0
        return False
    _unasked[who] = left - 1 if left else between
    return True


def _by_rows(per_minute: int, stored: Stored, now: datetime) -> float:
    filling = _oldest_of(per_minute, stored, now)
    return 0.0 if filling is None else (filling + WINDOW - now).total_seconds()


def _oldest_of(count: int, stored: Stored, now: datetime) -> datetime | None:
    """When the first of the last so many posts came, where that many came within the window."""
    recent = stored().filter(received_at__gt=now - WINDOW).order_by("-received_at")
    found: datetime | None = recent.values_list("received_at", flat=True)[count - 1 : count].first()
    return found
