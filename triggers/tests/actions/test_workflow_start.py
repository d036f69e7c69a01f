"""workflow.start: another workflow for the same contact."""

import pytest

from triggers import services
from triggers.models import Run
from triggers.tests import make
from triggers.tests.actions import play

pytestmark = pytest.mark.django_db
OTHER = [{"uid": "t1", "event": "note.changed", "config": {}, "conditions": None}]


def test_the_child_has_the_contact_and_what_the_parent_knew() -> None:
    child = make.workflow(make.action("c1", "data.format", into="line", template="{{ vars.seen }}"), name="Child",
                          triggers=OTHER)  # fmt: skip
    anna = make.contact()

    run = play.start(
        make.action("a0", "data.set", values={"seen": "yes"}),
        make.action("a1", "workflow.start", workflow="child"),
        who=anna,
    )

    [born] = make.runs(child)
    started = run.actions.get(uid="a1")
    assert (born.contact_id, born.parent, born.event_id, born.status) == (anna.pk, run.pk, run.event_id, "done")
    assert born.vars["line"] == "yes"
    assert (started.summary, started.result) == ("Starts “child”.", {"run_id": born.pk})


@pytest.mark.parametrize("state", ["draft", "paused", "archived"])
def test_a_workflow_that_is_not_live_is_not_started(state: str) -> None:
    child = make.workflow(name="Child", triggers=OTHER)
    if state == "draft":
        child = services.create("Never live", make.document(triggers=OTHER))
    elif state == "paused":
        services.pause(child)
    else:
        services.archive(child)

    done = play.perform("workflow.start", workflow=child.slug)

    assert (done.status, done.error) == ("failed", f"“{child.slug}” is not live.")
    assert not Run.objects.filter(workflow=child).exists()


def test_a_dry_run_says_so_and_starts_nothing() -> None:
    make.workflow(name="Child", triggers=OTHER)

    assert play.preview("workflow.start", workflow="child") == "Starts “child”."
    assert not Run.objects.exists()


def test_problems() -> None:
    make.workflow(name="Child", triggers=OTHER)

    assert play.problems("workflow.start", workflow="child") == []
    assert play.problems("workflow.start", workflow="lost") == [("workflow", "There is no workflow “lost”.")]
