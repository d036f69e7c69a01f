"""Immediate events: matched, and their database actions carried out, inside the transaction of the moment.

A failure inside is contained by a savepoint and recorded on the action run; it never undoes the change
that the event tells of. What goes outside is left to the workers.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

from triggers import languages
from triggers.action_types import Done
from triggers.matching.match import match_contained
from triggers.models.event import Event
from triggers.models.run import ActionRun, Run
from triggers.running.run import walk_contained

# The moment of the events being carried out; None while no run is walked inside such a transaction.
_inline: ContextVar[datetime | None] = ContextVar("inline", default=None)


def carry_out(events: Sequence[Event], now: datetime | None = None) -> None:
    """Matches just-recorded events and walks the runs they start, within the caller's transaction.

    The runs go one after another, in the order of the events and of the triggers' ranks.
    """
    now = now or timezone.now()
    # What is stored on the way is for all to read, not in the language of whoever made the change.
    with languages.organisations():
        match_contained(list(events), now)
        started = Run.objects.select_for_update(of=("self",)).select_related("event")
        runs = list(started.filter(event__in=[e.pk for e in events], status=Run.Status.PENDING).order_by("pk"))
        if runs:
            _walk(runs, now)


def answer(run_id: int, uid: str, done: Done, now: datetime | None = None) -> bool:
    """Ends the wait of a run at `uid` with this outcome and walks it on, within the caller's transaction.

    False where the run waits there no more: it was stopped, or the time was up before.
    """
    now = now or timezone.now()
    waiting = Run.objects.select_for_update(of=("self",)).select_related("event")
    run = waiting.filter(pk=run_id, status=Run.Status.WAITING, at=uid).first()
    if run is None:
        return False
    ActionRun.objects.filter(run=run, uid=uid).update(
        status=ActionRun.Status.DONE, outcome=done.outcome, result=done.result, summary=done.summary[:300],
        finished_at=now, until=None,
    )  # fmt: skip
    run.status, run.due_at = Run.Status.PENDING, now
    with languages.organisations():
        _walk([run], now)
    return True


def go_on_with(child: Run) -> bool:
    """Walks a run that another one has just started, where that one is carried out inline; whether it was."""
    now = _inline.get()
    if now is not None:
        _walk([child], now)
    return now is not None


def _walk(runs: Sequence[Run], now: datetime) -> None:
    token = _inline.set(now)
    try:
        walk_contained(runs, now, inline=True)
    finally:
        _inline.reset(token)
