"""The entries beat keeps, made once with a readable name; staff may change their intervals.

One entry for the sweep, one for the purge, and one for each time-based event type: a constant number,
never one per workflow (engine-notes 4).
"""

import json
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from triggers.event_types import Due, events
from triggers.models.organisation import Heartbeat

SWEEP_SECONDS: Final = 5
# A type of event that was not asked for this long is late.
LATE: Final = timedelta(minutes=10)


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
    minutely, _made = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.MINUTES)
    for kind in timed():
        with override(settings.LANGUAGE_CODE):
            name = f"Clock: {kind.label}"
        PeriodicTask.objects.get_or_create(
            task="triggers.scan", args=arguments(kind),
            defaults={"name": name, "interval": minutely, "expire_seconds": 50},
        )  # fmt: skip


def timed() -> list[type[Due]]:
    """The event types that the clock is asked about."""
    return [kind for kind in events.values() if issubclass(kind, Due)]


def arguments(kind: type[Due]) -> str:
    """What the entry of a type hands to its task, as the entry keeps it."""
    return json.dumps([kind.key])


def beat(name: str) -> None:
    """Notes that a periodic job ran, for the health page."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def since(name: str) -> timedelta | None:
    """How long ago the job last ran; None when it never did."""
    found = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return timezone.now() - found if found else None
