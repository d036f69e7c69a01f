"""The task of busy times: looks for what is due and calls one function. It may run twice."""

from celery import shared_task
from django.utils import timezone

from appointments import elsewhere
from triggers import poke
from triggers.models.event import Lane


@shared_task(name=elsewhere.TASK[0])
def read_busy_times() -> None:
    """Asks one calendar elsewhere that is due, and asks for another turn while there are more."""
    elsewhere.work(Lane.FAST, timezone.now())
    if elsewhere.due_lanes(timezone.now()):
        poke.send(*elsewhere.TASK)
