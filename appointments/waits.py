"""Runs that wait for a moment around an appointment: they follow it when it is moved, and end when it falls through.

The appointment is locked by whoever changes it, and by a run that begins or ends its wait. A run that is being walked
just now is passed over here: at its own wake it asks for the appointment again (`appointment.wait`).
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from appointments.models import Appointment, RunWait
from triggers import languages, poke
from triggers.models import ActionRun, Run
from triggers.models.event import Lane
from triggers.running import stopping

FELL_THROUGH = gettext_noop("The appointment fell through: %(status)s.")


def moment(appointment: Appointment, seconds: int, *, from_end: bool) -> datetime:
    return (appointment.end_at if from_end else appointment.start_at) + timedelta(seconds=seconds)


def follow(appointment: Appointment, now: datetime) -> None:
    """Gives the waiting runs their new moment, or stops them. Call it in the transaction of the change."""
    waiting = RunWait.objects.filter(appointment=appointment)
    rows = Run.objects.filter(pk__in=waiting.values("run"), status=Run.Status.WAITING)
    held = {run.pk: run for run in rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")}
    if appointment.is_out:
        leaving = [wait.run_id for wait in waiting if wait.run_id in held and not wait.was_out]
        stopping.cancel(Run.objects.filter(pk__in=leaving), fell_through(appointment), now)
        return
    for wait in waiting:
        run = held.get(wait.run_id)
        if run is None or run.at != wait.uid:
            continue
        at = moment(appointment, wait.seconds, from_end=wait.from_end)
        moved = Run.objects.filter(pk=run.pk, status=Run.Status.WAITING, at=wait.uid).update(due_at=at)
        if moved:
            ActionRun.objects.filter(run=run.pk, uid=wait.uid).update(until=at)
            poke.after_commit(Lane(run.lane))


def fell_through(appointment: Appointment) -> str:
    with languages.organisations():
        return languages.stored(FELL_THROUGH, status=str(appointment.get_status_display()))


def purge(now: datetime) -> int:
    """Drops the marks of runs that wait no more."""
    gone, _by_model = RunWait.objects.exclude(run__status__in=Run.ACTIVE).delete()
    return gone
