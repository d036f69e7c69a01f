"""How many requests a webhook takes a minute. Asked before anything is written (reliability, R20)."""

import logging
from datetime import datetime, timedelta
from typing import Final

from capture.models import InboundRequest, InboundWebhook
from triggers.api.rates import wait_for_turn

WINDOW: Final = timedelta(minutes=1)
# How often a process counts the rows while it lets in as many requests as the limit allows.
ASKED_PER_LIMIT: Final = 50
# By webhook: how many requests this process lets in before it counts the rows again.
_unasked: dict[int, int] = {}
logger = logging.getLogger(__name__)


def seconds_to_wait(webhook: InboundWebhook, now: datetime) -> float:
    """0.0 where one more request is taken, which is then counted; else how long to wait.

    Two counts, and the stricter decides. The cache counts every request; where it is not shared, each
    process has a count of its own. The rows count what all processes stored within the last minute; each process
    asks them once for every fiftieth of the limit that it lets in. Nothing the sender says, such as
    X-Forwarded-For, has a part in either.
    """
    wait = _by_cache(webhook, now)
    if wait:
        return wait
    between = webhook.per_minute // ASKED_PER_LIMIT
    left = min(_unasked.get(webhook.pk, 0), between)
    wait = 0.0 if left else _by_rows(webhook, now)
    _unasked[webhook.pk] = 0 if wait else left - 1 if left else between
    return wait


def _by_cache(webhook: InboundWebhook, now: datetime) -> float:
    seconds = int(WINDOW.total_seconds())
    try:
        return wait_for_turn(f"in:{webhook.pk}", webhook.per_minute, seconds, now.timestamp())
    except Exception:  # whatever the cache's server raises when it is gone: deliveries go on without it
        logger.warning("The cache does not count; webhook %s is limited by its rows alone.", webhook.pk, exc_info=True)
        return 0.0


def _by_rows(webhook: InboundWebhook, now: datetime) -> float:
    recent = InboundRequest.objects.filter(webhook=webhook, received_at__gt=now - WINDOW)
    newest_first = recent.order_by("-received_at").values_list("received_at", flat=True)
    filling = newest_first[webhook.per_minute - 1 : webhook.per_minute].first()
    return 0.0 if filling is None else (filling + WINDOW - now).total_seconds()
