"""The life of a workflow: publish, versions, roll back, pause, resume, archive, copy, move runs (T15)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from triggers import services, sweeping
from triggers.models import Listener, Run, Workflow
from triggers.problems import Invalid
from triggers.tests import make

pytestmark = pytest.mark.django_db

WAIT = make.action("w", "wait.duration", days=2)
SET = make.action("a1", "data.set", values={"seen": "old"})
NEW = make.action("a1", "data.set", values={"seen": "new"})


def publish_anew(flow: Workflow, *actions: dict) -> None:
    flow.draft = make.document(*actions)
    services.publish(flow, note="Edited")


def test_versions_count_up_and_never_change() -> None:
    flow = make.workflow()
    publish_anew(flow, NEW)

    numbers = list(flow.versions.values_list("number", flat=True))
    assert numbers == [2, 1]
    with pytest.raises(TypeError, match="never changes"):
        flow.versions.first().save()  # type: ignore[union-attr]


def test_waiting_runs_finish_on_their_version_unless_moved() -> None:
    flow = make.workflow(WAIT, SET)
    for name in ("stays", "moves"):
        make.tag(make.contact(first_name=name))
    sweeping.drain()
    stays, moves = make.runs(flow)
    publish_anew(flow, WAIT, NEW)
    Run.objects.filter(pk=stays.pk).update(status="pending")
    assert services.move_runs(flow) == 1
    Run.objects.filter(pk=stays.pk).update(status="waiting")

    sweeping.drain(timezone.now() + timedelta(days=3))

    stays.refresh_from_db(), moves.refresh_from_db()
    assert (stays.vars["seen"], moves.vars["seen"]) == ("old", "new")


def test_moved_runs_hear_what_the_version_they_come_to_listens_for() -> None:
    def wait(event: str) -> dict:
        return make.action("w", "wait.for_event", event=event, days=2)

    flow = make.workflow(wait("note.added"), make.action("g", "goal", event="contact.deleted"), SET)
    make.tag(make.contact())
    sweeping.drain()
    publish_anew(flow, wait("task.added"), make.action("h", "goal", event="task.completed"), NEW)

    services.move_runs(flow)

    heard = Listener.objects.order_by("uid").values_list("uid", "kind", "event_type")
    assert list(heard) == [("h", "goal", "task.completed"), ("w", "wait", "task.added")]


def test_a_run_whose_action_is_gone_is_not_moved() -> None:
    flow = make.workflow(WAIT, SET)
    make.tag(make.contact())
    sweeping.drain()
    publish_anew(flow, NEW)

    assert services.move_runs(flow) == 0


def test_roll_back_publishes_the_old_version_again() -> None:
    flow = make.workflow(SET)
    publish_anew(flow, NEW)

    version = services.roll_back(flow, 1)

    assert (version.number, version.document["actions"][0]["config"]) == (3, {"values": {"seen": "old"}})
    assert version.note == "Version 1 again"


def test_pause_holds_and_resume_lets_go_on() -> None:
    flow = make.workflow(WAIT, SET)
    anna = make.contact()
    make.tag(anna)
    sweeping.drain()

    services.pause(flow, "Holiday")
    make.tag(anna, "while paused")
    sweeping.drain(timezone.now() + timedelta(days=3))
    [run] = make.runs(flow)
    assert (run.status, run.reason) == ("held", "The workflow is paused.")

    assert services.resume(flow) == 1
    sweeping.drain(timezone.now() + timedelta(days=3))
    [run] = make.runs(flow)
    assert run.status == "done"


def test_archive_stops_active_runs_visibly_and_restore_brings_a_draft() -> None:
    flow = make.workflow(WAIT)
    make.tag(make.contact())
    sweeping.drain()

    assert services.archive(flow) == 1

    [run] = make.runs(flow)
    assert (run.status, run.reason, make.trail(run)) == (
        "cancelled",
        "The workflow was archived.",
        [("w", "cancelled")],
    )
    services.restore(flow)
    assert flow.status == "draft"


def test_a_copy_shares_nothing() -> None:
    flow = make.workflow(SET)

    copied = services.copy(flow)
    copied.draft["actions"][0]["config"]["values"]["seen"] = "mine"
    copied.save()

    flow.refresh_from_db()
    assert (copied.name, copied.slug, copied.status) == ("Welcome (copy)", "welcome-copy", "draft")
    assert flow.draft["actions"][0]["config"]["values"]["seen"] == "old"


def test_resuming_what_was_never_published_is_refused() -> None:
    with pytest.raises(Invalid, match="Publish the workflow first"):
        services.resume(services.create("New", make.document()))


def test_what_is_archived_is_restored_before_anything_else() -> None:
    flow = make.workflow()
    services.archive(flow)

    for act in (services.publish, services.pause, services.resume):
        with pytest.raises(Invalid):
            act(flow)

    flow.refresh_from_db()
    assert flow.status == "archived"


def test_editing_disabling_and_enabling_with_runs_in_each_state_leaves_none_stuck() -> None:
    flow = make.workflow(WAIT, SET)
    for n in range(60):
        make.tag(make.contact(first_name=str(n)))
    sweeping.drain()
    ids = [run.pk for run in make.runs(flow)]
    later = timezone.now() + timedelta(days=3)
    Run.objects.filter(pk__in=ids[:20]).update(status="pending", due_at=timezone.now())
    publish_anew(flow, WAIT, NEW)
    services.pause(flow, "")
    sweeping.drain(later)
    services.resume(flow)

    sweeping.drain(later)

    assert {run.status for run in make.runs(flow)} == {"done"}
    assert {run.vars["seen"] for run in make.runs(flow)} == {"old"}
