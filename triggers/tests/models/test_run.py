"""What the tables of runs refuse, whoever writes them: once is a constraint, not care."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from triggers import sweeping
from triggers.models import ActionRun, Attempt, Listener, Run
from triggers.tests import make

pytestmark = pytest.mark.django_db


def a_run() -> Run:
    flow = make.workflow(make.action("w", "wait.duration", days=1))
    make.tag(make.contact())
    sweeping.drain()
    [run] = make.runs(flow)
    return run


def refused(row: Any) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return True
    return False


def test_a_run_does_each_of_its_actions_once() -> None:
    run = a_run()

    assert refused(ActionRun(run=run, uid="w", action="wait.duration"))
    assert not refused(ActionRun(run=run, uid="other", action="wait.duration"))


def test_no_two_action_runs_share_a_key() -> None:
    run = a_run()

    assert refused(ActionRun(run=run, uid="other", action="probe", key=run.actions.get().key))


def test_an_event_starts_a_workflow_once_but_may_be_replayed() -> None:
    run = a_run()
    again = {"workflow": run.workflow, "version": run.version, "event": run.event}

    assert refused(Run(**again, mode="live"))
    assert not refused(Run(**again, mode="replay"))


def test_keys_of_re_entry_are_held_once() -> None:
    run = a_run()
    Run.objects.filter(pk=run.pk).update(once_key="1@contact:1", active_key="1@contact:1")
    again = {"workflow": run.workflow, "version": run.version, "event": run.event, "mode": "replay"}

    assert refused(Run(**again, once_key="1@contact:1"))
    assert refused(Run(**again, active_key="1@contact:1"))
    assert not refused(Run(**again, active_key="1@contact:1", status="done"))


def test_tries_and_listeners_are_there_once() -> None:
    run = a_run()
    action = run.actions.get()
    Attempt.objects.create(action_run=action, number=1, outcome="done")
    Listener.objects.create(run=run, uid="w", kind="wait", event_type="note.added")

    assert refused(Attempt(action_run=action, number=1, outcome="done"))
    assert refused(Listener(run=run, uid="w", kind="goal", event_type="note.added"))
