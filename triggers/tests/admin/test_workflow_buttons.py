"""What is done to a workflow by button: each does what it says, and refuses without its permission."""

from typing import Any

import pytest
from django.test import Client

from triggers import services, sweeping
from triggers.models import Workflow
from triggers.tests import make
from triggers.tests.admin import visit
from triggers.tests.admin.test_workflows import BROKEN, LIST, SET, WAIT, page

pytestmark = pytest.mark.django_db


def press(flow: Workflow, name: str, client: Client | None = None, **data: Any) -> str:
    return visit.pressed(client or visit.boss(), f"{LIST}{flow.pk}/do/{name}/", **data)


def test_pause_and_resume() -> None:
    flow = make.workflow(WAIT)

    told = press(flow, "pause", said="Until the fair")
    flow.refresh_from_db()
    assert (told, flow.status, flow.paused_reason) == (
        "Paused: nothing starts, and runs are held where they stand.", "paused", "Until the fair",
    )  # fmt: skip

    client = visit.staff("view_workflow", "publish_workflow")
    assert press(flow, "resume", client) == "Live again from now on."
    flow.refresh_from_db()
    assert flow.status == "live"


def test_archive_and_restore() -> None:
    flow = make.workflow(WAIT)
    make.tag(make.contact())
    sweeping.drain()
    boss = visit.boss()

    assert press(flow, "archive", boss) == "Archived. 1 run was stopped."
    assert press(flow, "restore", boss) == "Restored as a draft; publish it to have it start again."

    flow.refresh_from_db()
    assert flow.status == "draft"


def test_copy_goes_to_the_copy() -> None:
    flow = make.workflow(SET)

    answer = visit.boss().post(f"{LIST}{flow.pk}/do/copy/")

    made = Workflow.objects.get(name="Welcome (copy)")
    assert (answer["Location"], made.status, made.owner.username) == (page(made), "draft", "boss")


def test_move_takes_waiting_runs_along() -> None:
    flow = make.workflow(WAIT)
    make.tag(make.contact())
    sweeping.drain()
    flow.draft = make.document(WAIT, SET)
    services.publish(flow)
    boss = visit.boss()
    assert "Move waiting runs" in visit.text(boss, page(flow))

    assert press(flow, "move-runs", boss) == "1 run goes on with version 2."

    assert make.runs(flow)[0].version == flow.current
    assert "Move waiting runs" not in visit.text(boss, page(flow))


def test_publish_refuses_with_the_problems() -> None:
    flow = services.create("New", BROKEN)

    told = press(flow, "publish")

    assert told.startswith("Choose at least one event that starts the workflow.")
    assert flow.versions.count() == 0


def test_a_version_is_published_again() -> None:
    flow = make.workflow(SET)
    flow.draft = make.document(WAIT)
    services.publish(flow)

    assert press(flow, "roll-back", number="1") == "Version 1 is live again, as version 3."
    flow.refresh_from_db()
    assert flow.current.document["actions"] == [SET]


@pytest.mark.parametrize("number", ["", "x", "77", "9" * 30])
def test_a_version_that_is_none_changes_nothing(number: str) -> None:
    flow = make.workflow(SET)

    assert press(flow, "roll-back", number=number) == "There is no such version."


@pytest.mark.parametrize(
    "name", ["publish", "observe", "pause", "resume", "archive", "restore", "copy", "move-runs", "roll-back"]
)
def test_each_is_refused_without_its_permission(name: str) -> None:
    flow = make.workflow(SET)

    answer = visit.staff("view_workflow", "change_workflow").post(f"{LIST}{flow.pk}/do/{name}/", {"number": "1"})

    flow.refresh_from_db()
    assert (answer.status_code, flow.status, Workflow.objects.count(), flow.versions.count()) == (403, "live", 1, 1)
