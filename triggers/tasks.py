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
    """Matches events and walks runs until nothing is due at once; wakes the outside workers if it made calls due."""
    sweeping.drain_lane(Lane.FAST)
    _poke_others()


@shared_task(name="triggers.run_bulk")
def run_bulk() -> None:
    """The same for imports and backfills, a second at a time, so that others get their turn in this worker."""
    sweeping.drain_lane(Lane.BULK, seconds=TURN)
    _poke_others()


@shared_task(name="triggers.run_outside")
def run_outside() -> None:
    """Makes the calls that are due. Each task calls up one more while there is work, up to all workers."""
    if calling.call_due():
        poke.send("triggers.run_outside", "outside")
        while calling.call_due():
            pass
        sweeping.drain_lane(Lane.FAST)


@shared_task(name="triggers.sweep")
def sweep() -> None:
    """Every 5 s: pokes each lane in which something is due, and each chore that is."""
    clock.beat("sweep")
    backfill.go_on()
    now = timezone.now()
    for lane in sweeping.due_lanes(now):
        poke.send(*TASKS[lane])
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


TASKS = {
    Lane.FAST: ("triggers.match", "fast"),
    Lane.OUTSIDE: ("triggers.run_outside", "outside"),
    Lane.BULK: ("triggers.run_bulk", "bulk"),
}


def _poke_others() -> None:
    for lane in sweeping.due_lanes(timezone.now()) - {Lane.FAST}:
        poke.send(*TASKS[lane])
