"""How rows look: whole when one is read, without the bulk in lists, and nothing secret in either."""

import pytest

from triggers import services, sweeping
from triggers.action_types import Done
from triggers.api.serializers import (
    EventSerializer,
    RunSerializer,
    VersionSerializer,
    WorkflowSerializer,
    draft_problems,
)
from triggers.models import ApiKey, Event
from triggers.tests import make
from triggers.tests.api import calls
from triggers.tests.probes import probe

pytestmark = pytest.mark.django_db


def test_a_list_leaves_out_what_is_bulky() -> None:
    flow = make.workflow()

    whole = WorkflowSerializer(flow).data
    [row] = WorkflowSerializer([flow], many=True).data

    assert whole.keys() - row.keys() == {"draft", "problems"}
    assert (whole["draft"], whole["problems"], row["version"]) == (flow.draft, [], 1)


def test_a_draft_that_was_never_published_has_no_version() -> None:
    data = WorkflowSerializer(services.create("Draft", {})).data

    assert (data["version"], data["status"], data["enabled_at"]) == (None, "draft", None)


def test_the_problems_of_a_draft_are_told_with_their_places() -> None:
    flow = services.create("Draft", make.document(make.action("a1", "data.sett")))

    [problem] = draft_problems(flow)

    assert problem == {
        "pointer": "#/actions/0/action",
        "field": "actions[0].action",
        "message": "There is no action “data.sett”. Is it “data.set”?",
        "level": "error",
    }


def test_a_version_tells_its_document_only_by_itself() -> None:
    version = make.workflow().versions.get()

    assert VersionSerializer(version).data["document"] == version.document
    assert "document" not in VersionSerializer([version], many=True).data[0]


def test_a_run_tells_what_each_action_did_and_only_part_of_long_answers() -> None:
    def answers(ctx):  # type: ignore[no-untyped-def]
        ctx.request, ctx.response, ctx.status_code = {"authorization": "Bearer s3cret"}, "x" * 2000, 200
        return Done("sent", {"id": 7})

    with probe(answers):
        flow = make.workflow(make.action("p", "probe"))
        make.tag(make.contact())
        sweeping.drain()
        [run] = make.runs(flow)
        data = RunSerializer(run).data

    [done] = data["actions"]
    [attempt] = done["attempts"]
    assert (data["version"], data["status"], data["vars"]) == (1, "done", {"@p": {"id": 7}})
    assert (done["uid"], done["status"], done["summary"]) == ("p", "done", "sent")
    assert (attempt["status_code"], attempt["response"]) == (200, "x" * 1000)
    assert "s3cret" not in str(data)


def test_an_event_tells_what_changed_and_who_did_it() -> None:
    make.contact()

    data = EventSerializer(Event.objects.get()).data

    assert (data["type"], data["actor"], data["data"]["first_name"]) == ("contact.created", "system", "Anna")


def test_no_representation_holds_a_key() -> None:
    client = calls.client()
    digest = ApiKey.objects.get().digest

    for name in ("workflows", "runs", "events", "misses", "destinations", "notices", "catalogue"):
        assert digest not in client.get(f"/api/v1/{name}/").content.decode()
