"""Immediate events: matched, and their database actions carried out, inside the transaction of the moment.

A failure inside is contained by a savepoint and recorded on the action run; it never undoes the change
that the event tells of. What goes outside is left to the workers.
"""

from collections.abc import Sequence

from django.utils import timezone

from triggers.matching.match import match_contained
from triggers.models.event import Event
from triggers.models.run import Run
from triggers.running.run import walk_contained


def carry_out(events: Sequence[Event]) -> None:
    """Matches just-recorded events and walks the runs they start, within the caller's transaction."""
    now = timezone.now()
    match_contained(list(events), now)
    started = Run.objects.select_for_update(of=("self",)).select_related("event")
    runs = list(started.filter(event__in=[e.pk for e in events], status=Run.Status.PENDING).order_by("pk"))
    if runs:
        walk_contained(runs, now)
