"""The runs resource: what each run did, and the acts of `triggers.operations`."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from triggers import sweeping
from triggers.action_types import Fail, Hold, Unsure
from triggers.models import Destination, Run
from triggers.tests import make
from triggers.tests.api import calls
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db


def standing(count: int = 1) -> list[Run]:
    """Runs at the probe of a workflow."""
    flow = make.workflow(make.action("p", "probe"), make.action("a", "data.set", values={"x": "1"}))
    for n in range(count):
        make.tag(make.contact(first_name=str(n)))
    sweeping.drain()
    return make.runs(flow)


def at(run: Run, action: str = "") -> str:
    return f"/api/v1/runs/{run.pk}/{action}{'/' if action else ''}"


def test_a_run_tells_its_whole_story() -> None:
    with probe(Fail("400")):
        [run] = standing()
    found = calls.client().get(at(run)).json()

    assert (found["status"], found["reason"], found["at"]) == ("failed", "400", "p")
    [done] = found["actions"]
    assert (done["uid"], done["status"], [a["outcome"] for a in done["attempts"]]) == ("p", "failed", ["fail"])


def test_a_list_is_short_and_asks_few_questions(django_assert_max_num_queries: Any) -> None:
    with probe():
        standing(12)
    client = calls.client()
    client.get("/api/v1/runs/")

    with django_assert_max_num_queries(2):
        rows = client.get("/api/v1/runs/").json()["results"]

    assert len(rows) == 12
    assert not {"actions", "vars", "verdict"} & rows[0].keys()


@pytest.mark.parametrize(
    ("outcome", "action", "body", "status", "actions"),
    [
        (Fail("no"), "retry", {}, "pending", [("p", "pending")]),
        (Fail("no"), "skip", {}, "pending", [("p", "skipped")]),
        (Hold("401"), "stop", {"reason": "Wrong list"}, "cancelled", [("p", "cancelled")]),
        (Unsure("lost"), "resolve", {"outcome": "sent"}, "pending", [("p", "done")]),
        (Unsure("lost"), "resolve", {"outcome": "resend"}, "pending", [("p", "pending")]),
    ],
)
def test_each_act_answers_with_the_run_as_it_is_now(
    outcome: Any, action: str, body: dict[str, str], status: str, actions: list[tuple[str, str]]
) -> None:
    with probe(outcome):
        [run] = standing()
        client = calls.client()

        response = client.post(at(run, action), body)

        found = response.json()
        assert (response.status_code, found["status"]) == (200, status)
        assert [(done["uid"], done["status"]) for done in found["actions"]] == actions
        assert response["ETag"] == client.get(at(run))["ETag"]
    assert LogEntry.objects.get().user == client.user


def test_a_held_run_is_let_go_on() -> None:
    with probe(Hold("No address")):
        [run] = standing()
        client = calls.client()
        refused = client.post(at(run, "release"))
        Destination.objects.all().delete()

        released = client.post(at(run, "release"))

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:concours:problem:conflict")
    assert released.json()["status"] == "pending"


def test_an_act_that_the_state_does_not_allow_is_a_conflict() -> None:
    with probe():
        [run] = standing()

    response = calls.client().post(at(run, "retry"))

    assert (response.status_code, response.json()["detail"]) == (409, "Only a run that failed can be tried again.")


@pytest.mark.parametrize("body", [{}, {"outcome": "perhaps"}, {"outcome": None}])
def test_a_decision_is_sent_or_resend(body: dict[str, Any]) -> None:
    with probe(Unsure("lost")):
        [run] = standing()

    response = calls.client().post(at(run, "resolve"), body)

    assert (response.status_code, list(calls.errors(response))) == (400, ["outcome"])
    assert Run.objects.get().status == "uncertain"


@pytest.mark.parametrize("action", ["retry", "stop", "skip", "resolve", "release"])
def test_operating_needs_its_permission(action: str) -> None:
    with probe(Hold("401")):
        [run] = standing()
    clerk = calls.with_permissions(make.user(), "triggers.view_run", "triggers.change_run")

    assert calls.client("runs:write", user=clerk).post(at(run, action)).status_code == 403
    assert calls.client("runs:read").post(at(run, action)).status_code == 403
    assert Run.objects.get().status == "held"


def test_runs_are_not_made_or_changed_by_hand() -> None:
    with probe():
        [run] = standing()
    client = calls.client()

    assert [client.post("/api/v1/runs/", {}).status_code, client.patch(at(run), {}).status_code] == [405, 405]
