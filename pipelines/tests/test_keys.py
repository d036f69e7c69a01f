"""Documents that name pipelines, stages, maps, tracks and steps: out of one database, into another."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from contacts.models import Contact
from pipelines.models import LostReason, Map, Pipeline, Stage, Step, Track
from pipelines.tests import deal_make as deals
from triggers import references, services
from triggers.models import Workflow
from triggers.problems import pointer
from triggers.workflows import checking

pytestmark = pytest.mark.django_db


def definitions(shift: int) -> None:
    """A pipeline and a map, with other numbers for each shift."""
    for n in range(shift):
        deals.pipeline(f"Other {n}", ("Enquiry",))
        Step.objects.create(
            track=Track.objects.create(map=Map.objects.create(name=f"M{n}", colour=f"#00000{n}"), name="T")
        )
    deals.pipeline("Kitchen sales", ("Enquiry", "Offer sent", "2nd offer"))
    LostReason.objects.create(name="Too dear")
    track = Track.objects.create(map=Map.objects.create(name="Küche", colour="#ffffff"), name="Plan", kind="flex")
    for name in ("Budget frame", "Photos"):
        Step.objects.create(track=track, name=name)


def document() -> dict[str, Any]:
    """A workflow that names each of them, in triggers, exits, actions, arms and conditions."""
    pipeline, stage = Pipeline.objects.get(name="Kitchen sales"), Stage.objects.get(name="2nd offer")
    track, step = Track.objects.get(name="Plan"), Step.objects.get(name="Budget frame")
    flex = {"uid": "a4", "action": "track.flex", "config": {"track": track.pk, "keep": [step.pk]}}
    return {
        "triggers": [
            {"uid": "t1", "event": "step.closed", "config": {"step": step.pk}, "conditions": {
                "field": f"journey.steps.{step.pk}", "op": "is", "value": "5000"}},
            {"uid": "t2", "event": "journey.timer", "config": {
                "map": track.map_id, "unless": [{"event": "track.closed", "track": track.pk}]}, "conditions": None},
            {"uid": "t3", "event": "opportunity.stage_changed", "config": {
                "pipelines": [pipeline.pk], "to_stages": [stage.pk], "lost_reasons": [LostReason.objects.get().pk],
            }, "conditions": None},
        ],
        "exits": [{"uid": "x1", "event": "track.closed", "config": {"track": track.pk}, "conditions": None}],
        "actions": [
            {"uid": "a1", "action": "step.complete", "config": {"step": step.pk}},
            {"uid": "a2", "action": "opportunity.create", "config": {"pipeline": pipeline.pk, "stage": stage.pk}},
            {"uid": "b1", "branch": [{"uid": "c1", "name": "", "then": [flex], "if": {
                "field": "contact.city", "op": "is_set"}}], "else": []},
            {"uid": "a5", "action": "map.change", "config": {"map": track.map_id}},
        ],
        "settings": {},
    }  # fmt: skip


def numbers(document: dict[str, Any]) -> list[Any]:
    """What the document names, in its order."""
    t1, t2, t3 = [entry["config"] for entry in document["triggers"]]
    a1, a2, b1, a5 = document["actions"]
    flex = b1["branch"][0]["then"][0]["config"]
    return [
        t1["step"], t2["map"], t2["unless"][0]["track"], *t3["pipelines"], *t3["to_stages"], *t3["lost_reasons"],
        document["exits"][0]["config"]["track"], a2["config"]["pipeline"], a2["config"]["stage"], flex["track"], *flex["keep"],
        a5["config"]["map"], document["triggers"][0]["conditions"]["field"], a1["config"]["step"],
    ]  # fmt: skip


def test_a_workflow_goes_from_one_database_to_another(tmp_path: Path) -> None:
    definitions(0)
    services.create("Offers", document())
    call_command("workflows", "export", "--to", tmp_path)
    step = "kuche.plan.budget_frame"
    assert numbers(json.loads((tmp_path / "offers.json").read_text())["document"]) == [
        step, "kuche", "kuche.plan", "kitchen_sales", "kitchen_sales.stage_2nd_offer", "lost.too_dear", "kuche.plan",
        "kitchen_sales", "kitchen_sales.stage_2nd_offer", "kuche.plan", step, "kuche", f"journey.steps.{step}",
        step,
    ]  # fmt: skip

    for model in (Workflow, Step, Track, Map, Stage, Pipeline, LostReason, Contact):
        model.objects.all().delete()
    definitions(2)
    call_command("workflows", "import", tmp_path / "offers.json")

    arrived = Workflow.objects.get()
    assert arrived.draft == document()
    assert all(problem.warning for problem in checking.check(arrived.draft))


def test_keys_are_made_once_and_stay() -> None:
    definitions(0)
    stage, twin = Stage.objects.get(name="Offer sent"), Step(track=Track.objects.get(), name="Photos!")
    twin.save()

    stage.name = "Proposal"
    stage.save()

    assert (stage.key, twin.key, deals.reason("Zu teuer").key) == ("offer_sent", "photos_2", "zu_teuer")


def test_a_published_workflow_is_kept_by_number() -> None:
    definitions(0)
    flow = services.create("Offers", references.keyed(document()))

    services.publish(flow)

    assert flow.current.document == document()
    assert flow.triggers.get(uid="t1").config == {"step": Step.objects.get(name="Budget frame").pk}


@pytest.mark.parametrize("unknown", [999_999, "999999", "kuche.gone.step", "gone"])
def test_what_is_not_there_is_refused_at_its_field(unknown: Any) -> None:
    definitions(0)
    found = document()
    found["triggers"][0]["config"]["step"] = unknown
    found["triggers"][1]["config"]["unless"][0]["track"] = unknown
    found["triggers"][2]["config"]["to_stages"].append(unknown)

    problems = {pointer(each.path): each.message for each in checking.check(found) if not each.warning}

    assert problems == {
        "triggers[0].config.step": f"There is no step “{unknown}”. It may have been deleted; choose another.",
        "triggers[1].config.unless[0].track": f"There is no track “{unknown}”. It may have been deleted; choose another.",
        "triggers[2].config.to_stages[1]": f"There is no stage “{unknown}”. It may have been deleted; choose another.",
    }


def test_a_file_that_names_what_is_not_here_comes_in_as_it_is_and_says_so() -> None:
    definitions(0)
    found = {"name": "Offers", "slug": "offers", "document": references.keyed(document())}
    Map.objects.filter(name="Küche").update(key="other")

    workflow, problems = services.import_draft(found)

    assert workflow.draft["triggers"][0]["config"] == {"step": "kuche.plan.budget_frame"}
    assert {pointer(each.path) for each in problems} >= {"triggers[0].config.step", "exits[0].config.track"}


def test_a_stage_that_was_deleted_stops_no_other_trigger() -> None:
    from triggers.matching import compiled

    definitions(0)
    services.publish(services.create("Offers", document()))
    Stage.objects.get(name="2nd offer").delete()

    assert [entry.uid for entry in compiled.load("opportunity.stage_changed")] == ["t3"]
