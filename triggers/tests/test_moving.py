"""A contact becomes another: its events, runs and waits move, and no guard lets go."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from contacts.models import Note
from triggers import moving, sweeping
from triggers.action_types import Done
from triggers.models import Attempt, Event, Listener, Run, Workflow
from triggers.running import calling
from triggers.tests import make

pytestmark = pytest.mark.django_db
WAIT = make.action("w", "wait.duration", days=2)


def move(old: Any, new: Any, now: datetime | None = None) -> moving.Moved:
    with transaction.atomic():
        moving.lock([old.pk, new.pk])
        return moving.move_contact(old.pk, new.pk, now or timezone.now())


def started(flow: Workflow, who: Any, tag: str = "VIP") -> Run:
    make.tag(who, tag)
    sweeping.drain()
    return Run.objects.filter(workflow=flow, contact_id=who.pk).latest("id")


def two() -> tuple[Any, Any]:
    return make.contact(), make.contact(email="a2@example.org")


def test_events_and_runs_move_with_the_subject_they_have() -> None:
    flow = make.workflow(triggers=[{"uid": "t1", "event": "contact.created", "config": {}, "conditions": None}])
    new, old = two()
    sweeping.drain()
    events = Event.objects.filter(contact_id=old.pk).count()

    moved = move(old, new)

    assert (moved.events, moved.runs, moved.stopped) == (events, 1, 0)
    assert not Event.objects.filter(contact_id=old.pk).exists()
    assert {run.subject_id for run in make.runs(flow)} == {new.pk}
    assert set(Event.objects.filter(type="contact.created").values_list("subject_id", flat=True)) == {new.pk}


def test_an_active_run_goes_on_with_the_survivor_and_hears_of_it() -> None:
    waiting = make.action("w", "wait.for_event", event="note.added", days=3)
    flow = make.workflow(waiting)
    new, old = two()
    run = started(flow, old)
    assert run.status == "waiting"

    move(old, new)
    Note.objects.create(contact=new, body="here")
    sweeping.drain()

    run.refresh_from_db()
    assert (run.status, run.contact_id) == ("done", new.pk)
    assert not Listener.objects.exists()


def test_once_per_contact_holds_for_both_afterwards() -> None:
    flow = make.workflow(reentry="once_per_contact")
    new, old = two()
    started(flow, old)

    move(old, new)
    again = started(flow, new, "Second")

    assert again.status == "skipped"
    assert [run.once_key for run in make.runs(flow)] == [f"{flow.pk}@contact:{new.pk}", None]


def test_both_having_run_once_is_no_conflict() -> None:
    flow = make.workflow(reentry="once_per_contact")
    new, old = two()
    kept, given_up = started(flow, new), started(flow, old)

    moved = move(old, new)

    kept.refresh_from_db(), given_up.refresh_from_db()
    assert (kept.once_key, given_up.once_key) == (f"{flow.pk}@contact:{new.pk}", None)
    assert (given_up.status, given_up.contact_id, moved.stopped) == ("done", new.pk, 0)


@pytest.mark.parametrize("reentry", ["once_per_contact", "one_active", "restart", "cooldown"])
def test_of_two_active_runs_that_may_be_only_one_the_survivors_goes_on(reentry: str) -> None:
    hours = {"cooldown_hours": 5} if reentry == "cooldown" else {}
    flow = make.workflow(WAIT, reentry=reentry, **hours)
    new, old = two()
    kept, stopped = started(flow, new), started(flow, old)
    assert moving.clashes(old.pk, new.pk) == 1

    moved = move(old, new)

    kept.refresh_from_db(), stopped.refresh_from_db()
    assert (kept.status, stopped.status, moved.stopped) == ("waiting", "cancelled", 1)
    assert stopped.reason == "Its contact was merged with one for whom this workflow has run already, or is running."


def test_workflows_that_run_every_time_go_on_for_both() -> None:
    flow = make.workflow(WAIT)
    new, old = two()
    started(flow, new), started(flow, old)

    assert move(old, new).stopped == 0
    assert [run.status for run in make.runs(flow)] == ["waiting", "waiting"]


def test_one_active_at_a_time_counts_the_moved_run() -> None:
    flow = make.workflow(WAIT, reentry="one_active")
    new, old = two()
    started(flow, old)

    move(old, new)

    assert started(flow, new, "Second").status == "skipped"


def test_once_per_record_counts_the_contact_as_the_record() -> None:
    created = [{"uid": "t1", "event": "contact.changed", "config": {}, "conditions": None}]
    flow = make.workflow(triggers=created, reentry="once_per_object")
    new, old = two()
    old.city = "Ulm"
    old.save()
    sweeping.drain()

    move(old, new)
    new.city = "Bonn"
    new.save()
    sweeping.drain()

    assert [run.status for run in make.runs(flow)] == ["done", "skipped"]


def test_a_workflow_does_not_run_on_its_own_effect_under_the_new_number() -> None:
    flow = make.workflow(WAIT, make.action("a2", "contact.add_tag", tags=["More"]))
    new, old = two()
    run = started(flow, old)

    move(old, new)
    sweeping.drain(timezone.now() + timedelta(days=3))

    effect = Event.objects.filter(type="contact.tag_added").latest("id")
    assert effect.lineage == [f"{flow.pk}@contact:{new.pk}"]
    assert [each.pk for each in make.runs(flow) if each.status != "skipped"] == [run.pk]


def test_an_unmatched_event_keeps_its_lineage_in_step() -> None:
    new, old = two()
    Event.objects.create(type="note.added", contact_id=old.pk, lineage=[f"7@contact:{old.pk}", f"8@contact:{old.pk}1"])

    move(old, new)

    assert Event.objects.get(type="note.added").lineage == [f"7@contact:{new.pk}", f"8@contact:{old.pk}1"]


def test_a_call_under_way_does_not_give_the_run_back() -> None:
    hook = make.action("h", "http.request", url="https://example.org/", method="POST")
    flow = make.workflow(hook, reentry="once_per_contact")
    new, old = two()
    make.tag(old)
    sweeping.drain(outside=False)
    _taken, [call] = calling.take(1, timezone.now())

    move(old, new)
    assert calling.record(call, Done("ok"), Attempt(action_run=call.done, number=1, outcome="done"), timezone.now())

    [run] = make.runs(flow)
    assert (run.contact_id, run.once_key, run.status) == (new.pk, f"{flow.pk}@contact:{new.pk}", "done")
