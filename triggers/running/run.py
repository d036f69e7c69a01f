"""RUN: due runs are claimed and walked from action to action as far as the database alone can take them.

Claim, effect and result of database actions share one transaction, so each takes effect exactly once.
A batch shares it too; when one run breaks, the batch is undone and walked again in halves, down to the one
run, which is walked with a savepoint for each action. So one bad action stops nothing else.
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

# What everybody else waits for: three times as many drain a fifth faster, and keep others waiting three times as long.
BATCH = 100


def run_due(lane: Lane = Lane.FAST, limit: int = BATCH, now: datetime | None = None, *, newest: bool = False) -> int:
    """Walks the due runs of a lane; how many were taken, 0 when none is due."""
    now = now or timezone.now()
    with transaction.atomic():
        runs = claim(lane, limit, now, newest=newest)
        if runs:
            walk_contained(runs, now)
            crash("runs.walked")
    return len(runs)


def walk_contained(runs: Sequence[Run], now: datetime, *, inline: bool = False) -> None:
    """Walks claimed runs within the caller's transaction; what breaks is recorded on its action.

    Where a batch breaks it is undone and its halves are walked, so that the one bad run is soon by itself.
    """
    try:
        with transaction.atomic():
            Walk(runs, now, inline=inline).go()
    except Exception:
        log.exception("walking %d runs together failed; walking them apart", len(runs))
        half = len(runs) // 2
        for part in filter(None, (runs[:half], runs[half:])):
            if len(part) > 1:
                walk_contained(_afresh(part), now, inline=inline)
            else:
                Walk(_afresh(part), now, contained=True, inline=inline).go()


def _afresh(runs: Sequence[Run]) -> list[Run]:
    """The runs as they are stored, in their order: what was undone had changed the instances."""
    stored = Run.objects.select_related("event").in_bulk([run.pk for run in runs])
    return [stored[run.pk] for run in runs]
