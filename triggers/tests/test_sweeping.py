"""The sweep finds what is due; the purge deletes what is old and nothing that is still needed."""

from datetime import datetime, timedelta

import pytest
from celery import current_app
from django.utils import timezone

from triggers import poke, sweeping, tasks
from triggers.models import ActionRun, Attempt, Event, Miss, Run
from triggers.models.event import Lane
from triggers.tests import make
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db

LATER = timedelta(days=200)


def test_lanes_in_which_something_is_due() -> None:
    now = timezone.now()
    assert sweeping.due_lanes(now) == set()

    with probe():
        make.workflow(make.action("p", "probe"))
        make.tag(make.contact())
        assert sweeping.due_lanes(timezone.now()) == {Lane.FAST}
        sweeping.drain(outside=False)
        assert sweeping.due_lanes(timezone.now()) == {Lane.OUTSIDE}
        sweeping.drain()

    assert sweeping.due_lanes(timezone.now()) == set()


def test_how_long_the_oldest_work_has_been_waiting() -> None:
    make.contact()
    Event.objects.update(occurred_at=timezone.now() - timedelta(minutes=9))

    assert timedelta(minutes=9) <= sweeping.oldest_due(timezone.now()) < timedelta(minutes=10)


def test_the_purge_deletes_what_is_old_and_keeps_what_still_runs() -> None:
    flow = make.workflow(make.action("a1", "data.set", values={"x": "y"}))
    waits = make.workflow(make.action("w", "wait.duration", days=365), name="Waits")
    missed = {"field": "contact.country", "op": "is", "value": "XX"}
    make.workflow(name="Misses", triggers=[{**make.TAGGED, "conditions": missed}])
    make.tag(make.contact())
    sweeping.drain()
    [waiting] = make.runs(waits)

    deleted = sweeping.purge(timezone.now() + LATER)

    assert make.runs(flow) == []
    assert Run.objects.get() == waiting
    assert Event.objects.get() == waiting.event
    assert ActionRun.objects.get().run == waiting
    assert (Miss.objects.count(), Attempt.objects.count()) == (0, 0)
    assert (deleted["runs"], deleted["misses"], deleted["inbound requests"]) == (1, 1, 0)


def test_the_purge_keeps_what_is_young() -> None:
    make.workflow()
    make.tag(make.contact())
    sweeping.drain()
    before = (Event.objects.count(), Run.objects.count())

    sweeping.purge()

    assert (Event.objects.count(), Run.objects.count()) == before


def test_the_sweep_finds_what_every_poke_has_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent but by the sweep, and whatever it sends is carried out."""
    monkeypatch.setattr(poke, "send", lambda task, _queue: current_app.tasks[task]())
    with probe() as calls:
        flow = make.workflow(make.action("n", "note.create", body="Hello"), make.action("p", "probe"))
        make.tag(make.contact())

        # The first finds the event, the next the call that it led to.
        tasks.sweep()
        tasks.sweep()

    [run] = make.runs(flow)
    assert (run.status, len(calls.keys)) == ("done", 1)


def test_another_apps_work_is_swept_and_drained_with_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {Lane.FAST: 2, Lane.BULK: 1}

    def work(lane: Lane, now: datetime) -> int:
        taken = min(left.get(lane, 0), 1)
        left[lane] = left.get(lane, 0) - taken
        return taken

    chore = sweeping.Chore(lambda now: {lane for lane, rows in left.items() if rows}, work)
    monkeypatch.setitem(sweeping.chores, "test", chore)

    assert sweeping.due_lanes(timezone.now()) == {Lane.FAST, Lane.BULK}
    assert sweeping.drain() == 3
    assert sweeping.due_lanes(timezone.now()) == set()
