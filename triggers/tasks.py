"""The tasks: each looks for what is due and calls one function. All may run twice."""

from typing import Final

from celery import shared_task
from django.utils import timezone

from triggers import clock, poke, scanning, sweeping
from triggers.explaining import backfill
from triggers.models.event import Lane
from triggers.running import calling

# How long bulk work keeps a worker from looking at what people have just done.
TURN: Final = 1.0


@shared_task(name="triggers.match")
def match() -> None:
    """Matches events and walks runs until nothing is due at once."""
    sweeping.drain_lane(Lane.FAST)


@shared_task(name="triggers.run_bulk")
def run_bulk() -> None:
    """The same for imports and backfills, a second at a time, so that others get their turn in this worker."""
    sweeping.drain_lane(Lane.BULK, seconds=TURN)
    if Lane.BULK in sweeping.due_lanes(timezone.now()):
        poke.wake(Lane.BULK)


@shared_task(name="triggers.run_outside")
def run_outside() -> None:
    """Makes the calls that are due; each that is begun calls up one more worker while others wait."""
    while calling.call_due():
        pass


@shared_task(name="triggers.sweep")
def sweep() -> None:
    """Every 5 s: pokes each lane in which something is due, and each chore that is."""
    clock.beat("sweep")
    backfill.go_on()
    now = timezone.now()
    for lane in sweeping.due_lanes(now):
        poke.wake(lane)
    for task in sweeping.due_tasks(now):
        poke.send(*task)


@shared_task(name="triggers.scan")
def scan(event_type: str) -> None:
    """Every minute, for each time-based event type: records what has become due."""
    scanning.scan(event_type)
    clock.beat(f"scan {event_type}")


@shared_task(name="triggers.purge")
def purge() -> None:
    """Daily: deletes what is past its keeping."""
    sweeping.purge()
