"""The workflows resource: drafts are edited freely, publishing checks them, history stays."""

from typing import Any

import pytest
from django.utils import timezone

from triggers import services, sweeping
from triggers.models import Run, Workflow
from triggers.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/workflows/"


def at(flow: Workflow, action: str = "") -> str:
    return f"{ADDRESS}{flow.pk}/{action}{'/' if action else ''}"


def broken() -> dict[str, Any]:
    return make.document(make.action("a1", "data.sett"))


def test_a_draft_is_made_and_its_problems_are_listed() -> None:
    client = calls.client()

    response = client.post(ADDRESS, {"name": "Welcome", "folder": "Sales", "draft": broken()})

    flow = Workflow.objects.get()
    assert response.status_code == 201
    assert (flow.slug, flow.folder, flow.status, flow.owner) == ("welcome", "Sales", "draft", client.user)
    assert response.json()["draft"] == broken()
    assert [problem["field"] for problem in response.json()["problems"]] == ["actions[0].action"]


def test_a_name_is_enough() -> None:
    response = calls.client().post(ADDRESS, {"name": "Empty"})

    assert (response.status_code, Workflow.objects.get().draft) == (201, {})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "A", "draft": []}, "draft"),
        ({"name": "A", "draft": None}, "draft"),
        ({"name": "A", "owner": 999}, "owner"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(body: dict[str, Any], field: str) -> None:
    response = calls.client().post(ADDRESS, body)

    assert (response.status_code, list(calls.errors(response))) == (400, [field])
    assert Workflow.objects.count() == 0


def test_editing_the_draft_leaves_what_is_live_alone() -> None:
    flow = make.workflow()

    response = calls.client().patch(at(flow), {"draft": broken(), "status": "archived", "slug": "other"})

    flow.refresh_from_db()
    assert response.status_code == 200
    assert (flow.draft, flow.status, flow.slug) == (broken(), "live", "welcome")
    assert flow.current is not None
    assert flow.current.document == make.document()


def test_publishing_makes_the_draft_live() -> None:
    client = calls.client()
    flow = services.create("Welcome", make.document())

    response = client.post(at(flow, "publish"), {"note": "First"})

    version = flow.versions.get()
    assert (response.status_code, response.json()["status"], response.json()["version"]) == (200, "live", 1)
    assert (version.note, version.created_by) == ("First", client.user)


def test_publishing_to_observe_only() -> None:
    flow = services.create("Welcome", make.document())

    response = calls.client().post(at(flow, "publish"), {"observe": True})

    assert response.json()["status"] == "observing"


def test_a_broken_draft_is_not_published_and_every_problem_is_told() -> None:
    flow = make.workflow()
    Workflow.objects.update(draft={**broken(), "triggers": []})

    response = calls.client().post(at(flow, "publish"))

    assert response.status_code == 422
    assert calls.errors(response) == {
        "triggers": "Choose at least one event that starts the workflow.",
        "actions[0].action": "There is no action “data.sett”. Is it “data.set”?",
    }
    assert flow.versions.count() == 1


def test_pausing_holds_runs_and_resuming_lets_them_go_on() -> None:
    client = calls.client()
    flow = make.workflow(make.action("w", "wait.duration", days=1), make.action("a", "data.set", values={"x": "1"}))
    make.tag(make.contact())
    sweeping.drain()

    paused = client.post(at(flow, "pause"), {"reason": "Holidays"}).json()
    sweeping.drain(timezone.now() + timezone.timedelta(days=2))
    [run] = make.runs(flow)
    held = run.status
    resumed = client.post(at(flow, "resume")).json()
    sweeping.drain()
    run.refresh_from_db()

    assert (paused["status"], paused["paused_reason"]) == ("paused", "Holidays")
    assert (held, resumed["status"], run.status) == ("held", "live", "done")


def test_resuming_what_was_never_published_is_refused() -> None:
    response = calls.client().post(at(services.create("Draft", {}), "resume"))

    assert (response.status_code, response.json()["detail"]) == (
        422,
        "Publish the workflow first; it has no version yet.",
    )


def test_archiving_stops_runs_and_restoring_brings_a_draft_back() -> None:
    client = calls.client()
    flow = make.workflow(make.action("w", "wait.duration", days=1))
    make.tag(make.contact())
    sweeping.drain()

    assert client.post(at(flow, "archive")).json()["status"] == "archived"
    assert [run.status for run in make.runs(flow)] == ["cancelled"]
    assert client.post(at(flow, "restore")).json()["status"] == "draft"
    assert client.post(at(flow, "restore")).status_code == 409


def test_a_copy_is_a_draft_of_its_own() -> None:
    flow, client = make.workflow(), calls.client()

    response = client.post(at(flow, "copy"))

    made = Workflow.objects.exclude(pk=flow.pk).get()
    assert (response.status_code, response.json()["id"]) == (201, made.pk)
    assert (made.name, made.status, made.draft, made.owner) == ("Welcome (copy)", "draft", flow.draft, client.user)


def test_versions_are_listed_newest_first_and_read_one_by_one() -> None:
    flow, client = make.workflow(), calls.client()
    Workflow.objects.update(draft=make.document(make.action("a2", "data.set", values={"x": "2"})))
    client.post(at(flow, "publish"), {"note": "Second"})

    rows = client.get(at(flow, "versions")).json()["results"]
    first = client.get(at(flow, "versions/1")).json()

    assert [(row["number"], row["note"]) for row in rows] == [(2, "Second"), (1, "")]
    assert "document" not in rows[0]
    assert first["document"] == make.document()
    assert client.get(at(flow, "versions/3")).status_code == 404


def test_rolling_back_publishes_the_old_version_again() -> None:
    flow, client = make.workflow(), calls.client()
    Workflow.objects.update(draft=make.document(make.action("a2", "data.set", values={"x": "2"})))
    client.post(at(flow, "publish"))

    response = client.post(at(flow, "rollback"), {"version": 1})

    assert (response.json()["version"], response.json()["draft"]) == (3, make.document())
    assert client.post(at(flow, "rollback"), {"version": 9}).status_code == 404
    assert list(calls.errors(client.post(at(flow, "rollback"), {}))) == ["version"]


def test_waiting_runs_move_to_the_live_version() -> None:
    client = calls.client()
    flow = make.workflow(make.action("w", "wait.duration", days=1))
    make.tag(make.contact())
    sweeping.drain()
    client.post(at(flow, "publish"))

    assert client.post(at(flow, "move-runs")).json() == {"count": 1}
    assert Run.objects.get().version.number == 2
    assert client.post(at(flow, "move-runs"), {"version": 1}).json() == {"count": 1}
    assert Run.objects.get().version.number == 1
    assert client.post(at(services.create("Draft", {}), "move-runs")).status_code == 409


def test_lint_tells_the_problems_of_the_draft() -> None:
    client = calls.client()

    [problem] = client.get(at(services.create("Draft", broken()), "lint")).json()

    assert (problem["field"], problem["level"]) == ("actions[0].action", "error")
    assert client.get(at(make.workflow(), "lint")).json() == []


def test_a_draft_is_deleted_and_what_was_published_is_not() -> None:
    client, draft, flow = calls.client(), services.create("Draft", {}), make.workflow()

    assert client.delete(at(draft)).status_code == 204
    refused = client.delete(at(flow))
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "This workflow was published, and its history hangs on it; archive it instead.",
    )
    assert list(Workflow.objects.all()) == [flow]


@pytest.mark.parametrize("action", ["publish", "pause", "resume", "archive", "restore", "rollback", "move-runs"])
def test_operating_needs_more_than_write(action: str) -> None:
    flow = make.workflow()
    clerk = calls.with_permissions(make.user(), "triggers.change_workflow", "triggers.add_workflow")

    assert calls.client("workflows:write").post(at(flow, action)).status_code == 403
    assert calls.client("workflows:publish", user=clerk).post(at(flow, action)).status_code == 403
    flow.refresh_from_db()
    assert (flow.status, flow.versions.count()) == ("live", 1)


def test_a_list_of_many_asks_few_questions(django_assert_max_num_queries: Any) -> None:
    for n in range(20):
        make.workflow(name=f"W{n}")
    client = calls.client()
    client.get(ADDRESS)

    with django_assert_max_num_queries(3):
        assert len(client.get(ADDRESS).json()["results"]) == 20
