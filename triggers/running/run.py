"""RUN: due runs are claimed and walked from action to action as far as the database alone can take them.

Claim, effect and result of database actions share one transaction, so each takes effect exactly once.
A batch shares it too; when one run breaks, the batch is undone and walked again run by run with a
savepoint for each action, so that one bad action stops nothing else.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from triggers.models.event import Lane
from triggers.models.run import Run
from triggers.running.claiming import claim
from triggers.running.crash import crash
from triggers.running.walk import Walk

log = logging.getLogger(__name__)

BATCH = 300


def run_due(lane: Lane = Lane.FAST, limit: int = BATCH, now: datetime | None = None, *, newest: bool = False) -> int:
    """Walks the due runs of a lane; how many were taken, 0 when none is due."""
    now = now or timezone.now()
    with transaction.atomic():
        runs = claim(lane, limit, now, newest=newest)
        if runs:
            walk_contained(runs, now)
            crash("runs.walked")
    return len(runs)


def walk_contained(runs: Sequence[Run], now: datetime) -> None:
    """Walks claimed runs within the caller's transaction; what breaks is recorded on its action."""
    try:
        with transaction.atomic():
            Walk(runs, now).go()
    except Exception:
        log.exception("walking %d runs together failed; walking them one by one", len(runs))
        for run in runs:
            fresh = Run.objects.select_related("event").get(pk=run.pk)
            Walk([fresh], now, contained=True).go()
