"""A workflow's figures of thirty days."""

from datetime import timedelta

import pytest

from contacts.models import Note
from triggers import services, sweeping
from triggers.admin.statistics import statistics
from triggers.models import Run, Workflow
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
SET = make.action("a1", "data.set", values={"seen": "yes"})
WAIT = make.action("w", "wait.duration", days=2)
GOAL = make.action("g", "goal", event="note.added")


def page(flow: Workflow) -> str:
    return f"/admin/triggers/workflow/{flow.pk}/statistics/"


def figures(flow: Workflow) -> dict[str, object]:
    found = statistics(None, flow)
    return {**found["totals"], "reached": found["reached"], "conversion": found["conversion"]}


def test_runs_are_counted_by_the_day_they_began_and_what_became_of_them() -> None:
    flow = make.workflow(SET)
    for n in range(4):
        make.tag(make.contact(), f"tag {n}")
    sweeping.drain()
    runs = make.runs(flow)
    Run.objects.filter(pk=runs[0].pk).update(status="failed", created_at=runs[0].created_at - timedelta(days=3))
    Run.objects.filter(pk=runs[1].pk).update(created_at=runs[0].created_at - timedelta(days=40))
    Run.objects.filter(pk=runs[2].pk).update(mode="test")

    found = statistics(None, flow)

    assert figures(flow) == {"started": 2, "done": 1, "failed": 1, "reached": 0, "conversion": 0}
    assert [(day.bar.started, day.done, day.bar.failed) for day in found["days"] if day.bar.started] == [
        (1, 0, 1), (1, 1, 0),
    ]  # fmt: skip


def test_what_jumped_to_a_goal_is_told_from_what_passed_it() -> None:
    flow = make.workflow(WAIT, GOAL, SET)
    anna, ben = make.contact(), make.contact(first_name="Ben")
    make.tag(anna, "one")
    make.tag(ben, "two")
    sweeping.drain()
    Note.objects.create(contact=anna, body="She called.")
    sweeping.drain()
    Run.objects.filter(contact_id=ben.pk).update(due_at=make.runs(flow)[1].created_at)
    sweeping.drain()

    assert figures(flow) == {"started": 2, "done": 2, "failed": 0, "reached": 1, "conversion": 50}


def test_the_page_says_what_is_missing() -> None:
    flow, viewer = make.workflow(SET), visit.staff("view_workflow")

    assert "Nothing has started in 30 days The next run will appear here." in visit.text(viewer, page(flow))
    assert "It is not live" in visit.text(viewer, page(services.create("New", make.document(SET))))
    make.tag(make.contact())
    sweeping.drain()
    said = visit.text(viewer, page(flow))
    assert "Started 1 In 30 days Completed 1 100 % Failed 0 0 % Reached the goal – It has no goal" in said
    assert visit.staff("view_run", name="other").get(page(flow)).status_code == 403


@pytest.mark.parametrize("number", [10, 100])
def test_two_questions_however_many_runs(number: int, django_assert_num_queries) -> None:
    flow = make.workflow(SET)
    make.tag(make.contact())
    sweeping.drain()
    [run] = make.runs(flow)
    for _copy in range(number):
        run.pk, run.mode, run.once_key = None, Run.Mode.REPLAY, None
        run.save(force_insert=True)

    with django_assert_num_queries(2):
        assert statistics(None, flow)["totals"]["started"] == number + 1
