"""The entries beat keeps, made once with a readable name; staff may change their intervals.

One entry for the sweep, one for the purge, and one for each time-based event type: a constant number,
never one per workflow (engine-notes 4).
"""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from triggers.models.organisation import Heartbeat

SWEEP_SECONDS: Final = 5


def ensure_entries() -> None:
    """Makes the entries that are missing; what staff changed stays as it is."""
    every, _made = IntervalSchedule.objects.get_or_create(every=SWEEP_SECONDS, period=IntervalSchedule.SECONDS)
    nightly, _made = CrontabSchedule.objects.get_or_create(minute="30", hour="3")
    for name, task, schedule in (
        ("Sweep: look for whatever is due", "triggers.sweep", {"interval": every}),
        ("Purge: delete old history", "triggers.purge", {"crontab": nightly}),
    ):
        expires = {"expire_seconds": 60} if "interval" in schedule else {}
        PeriodicTask.objects.get_or_create(task=task, defaults={"name": name, **schedule, **expires})


def beat(name: str) -> None:
    """Notes that a periodic job ran, for the health page."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def since(name: str) -> timedelta | None:
    """How long ago the job last ran; None when it never did."""
    found = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return timezone.now() - found if found else None
