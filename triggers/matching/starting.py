"""Runs begin and end here: admitted starts become rows, exits close the active ones."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from triggers import rows
from triggers.matching.guards import ALREADY, Admission, Start
from triggers.models.run import Run
from triggers.running import life, listeners
from triggers.running.stopping import cancel
from triggers.wording import words


def begin(admissions: Sequence[Admission], now: datetime) -> None:
    """Inserts a run for each admitted start and a skipped one for each refused, in one statement each.

    `unique(workflow, event)` makes a second insert nothing; a once-key taken meanwhile makes it skipped.
    """
    if not admissions:
        return
    for admission in admissions:
        if admission.restarts and not admission.refused:
            _restart(admission.start, now)
    rows.insert(Run, [_row(a, now) for a in admissions], ignore_conflicts=True)
    _tell_losers([a for a in admissions if a.once_key or a.active_key], now)
    _listen_for_goals([a.start for a in admissions if not a.refused])
    for admission in admissions:
        if admission.trips:
            life.trip(admission.start.entry.workflow_id, admission.refused)


def end(exits: Iterable[Start], now: datetime) -> None:
    """Ends the contact's active runs of the exit's workflow, with the event as reason."""
    for leaving in exits:
        if leaving.event.contact_id is not None:
            runs = Run.objects.filter(
                workflow_id=leaving.entry.workflow_id,
                contact_id=leaving.event.contact_id,
                event_id__lt=leaving.event.pk,
            )
            reason = _("Ended by “%(event)s”.") % {"event": words.event_label(leaving.event.type)}
            cancel(runs, reason, now)


def _restart(start: Start, now: datetime) -> None:
    reason = _("Restarted by a newer event.")
    cancel(Run.objects.filter(active_key=start.link), reason, now)


def _row(admission: Admission, now: datetime) -> dict[str, Any]:
    """The run's columns."""
    start = admission.start
    event, entry = start.event, start.entry
    first = start.document.first()
    row = {
        "workflow_id": entry.workflow_id, "version_id": entry.version_id, "event_id": event.pk,
        "trigger_uid": entry.uid, "mode": str(Run.Mode.LIVE), "status": str(Run.Status.PENDING), "reason": "",
        "subject_type": event.subject_type, "subject_id": event.subject_id, "contact_id": event.contact_id,
        "lane": event.lane, "at": first.uid if first else "", "heard": event.pk, "verdict": start.verdict,
        "root": event.root or event.pk, "due_at": now, "created_at": now, "finished_at": None,
        "once_key": admission.once_key, "active_key": admission.active_key,
    }  # fmt: skip
    if admission.refused:
        return row | _closed(Run.Status.SKIPPED, admission.refused, now)
    if entry.observing:
        return (
            row | _closed(Run.Status.OBSERVED, _("Observed: nothing was done."), now) | {"mode": str(Run.Mode.OBSERVE)}
        )
    if start.document.settings.rate_per_hour:
        row["due_at"] = _throttled(entry.workflow_id, start.document.settings.rate_per_hour, now)
    return row


def _closed(status: str, reason: str, now: datetime) -> dict[str, Any]:
    closed = {"status": str(status), "reason": reason[:300], "due_at": None, "finished_at": now}
    return closed | {"once_key": None, "active_key": None}


def _throttled(workflow_id: int, limit: int, now: datetime) -> datetime:
    """When the next run may start: an hour after the `limit`-th newest did."""
    recent = Run.objects.filter(workflow_id=workflow_id, mode=Run.Mode.LIVE).exclude(status=Run.Status.SKIPPED)
    marks = recent.order_by("-id").values_list("created_at", flat=True)[limit - 1 : limit]
    return max([now, *(mark + timedelta(hours=1) for mark in marks)])


def _tell_losers(keyed: Sequence[Admission], now: datetime) -> None:
    """Another matcher took the key between the check and the insert: say so instead of saying nothing."""
    admitted = [a for a in keyed if not a.refused]
    if not admitted:
        return
    there = set(
        Run.objects.filter(event_id__in={a.start.event.pk for a in admitted}).values_list("workflow_id", "event_id")
    )
    lost = []
    for admission in admitted:
        start = admission.start
        if (start.entry.workflow_id, start.event.pk) not in there:
            reason = ALREADY[start.reentry]
            lost.append(_row(Admission(start, refused=reason), now))
    if lost:
        rows.insert(Run, lost, ignore_conflicts=True)


def _listen_for_goals(starts: Sequence[Start]) -> None:
    aiming = {start.event.pk for start in starts if start.document.goals()}
    if aiming:
        listeners.listen_for_goals(Run.objects.filter(event_id__in=aiming, status=Run.Status.PENDING, listeners=None))
