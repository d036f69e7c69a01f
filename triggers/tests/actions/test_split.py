"""split: weighted ways, the same contact always down the same one."""

from collections import Counter
from typing import Any

import pytest

from triggers import services, sweeping
from triggers.actions.split import Split
from triggers.models import ActionRun, Event, Run
from triggers.run_context import RunContext
from triggers.tests import make
from triggers.tests.actions import play
from triggers.workflows import document

pytestmark = pytest.mark.django_db


def split(uid: str = "s", **weights: int) -> dict[str, Any]:
    return {"uid": uid, "split": [{"uid": uid, "weight": weight, "then": []} for uid, weight in weights.items()]}


def way(node: dict[str, Any], contact_id: int | None = 1, event_id: int = 1, workflow_id: int = 1) -> str:
    """The case a run of this contact and event goes down."""
    doc = document.read(make.document(node))
    event = Event(pk=event_id, type="contact.tag_added")
    run = Run(workflow_id=workflow_id, event=event, contact_id=contact_id)
    ctx = RunContext(run, event, doc, doc.nodes[node["uid"]], None, None)  # type: ignore[arg-type]
    outcome = Split.model_validate(doc.nodes[node["uid"]].config).run(ctx)
    return outcome.outcome  # type: ignore[union-attr]


def test_ways_are_taken_by_weight() -> None:
    taken = Counter(way(split(a=3, b=1), contact_id=n) for n in range(4000))

    assert taken["a"] + taken["b"] == 4000
    assert 2900 < taken["a"] < 3100


def test_the_same_contact_goes_the_same_way_whatever_the_event() -> None:
    for contact_id in range(20):
        assert len({way(split(a=1, b=1), contact_id, event_id) for event_id in range(20)}) == 1


def test_without_a_contact_the_event_decides() -> None:
    ways = [way(split(a=1, b=1), None, event_id) for event_id in range(100)]

    assert ways == [way(split(a=1, b=1), None, event_id) for event_id in range(100)]
    assert set(ways) == {"a", "b"}


def test_two_splits_and_two_workflows_divide_independently() -> None:
    first = [way(split(a=1, b=1), n) for n in range(400)]
    other_flow = [way(split(a=1, b=1), n, workflow_id=2) for n in range(400)]
    other_split = [way(split("t", a=1, b=1), n) for n in range(400)]

    for other in (other_flow, other_split):
        assert 150 < sum(one == two for one, two in zip(first, other, strict=True)) < 250


def test_a_contact_keeps_its_way_when_a_new_version_only_changes_the_actions() -> None:
    flow = make.workflow(split(a=1, b=1))
    people = [make.contact(first_name=str(n)) for n in range(10)]
    for person in people:
        make.tag(person, "one")
    sweeping.drain()
    before = {done.run.contact_id: done.outcome for done in ActionRun.objects.select_related("run")}

    flow.draft = make.document(split(a=1, b=1), make.action("more", "run.stop"))
    services.publish(flow)
    for person in people:
        make.tag(person, "two")
    sweeping.drain()

    again = ActionRun.objects.filter(uid="s", run__version=flow.current).select_related("run")
    assert {done.run.contact_id: done.outcome for done in again} == before
    assert len(before) == 10


def test_a_dry_run_says_which_way_and_takes_it() -> None:
    named = {"uid": "s", "split": [{"uid": "a", "name": "Short mail", "weight": 1, "then": []}]}

    [step] = play.rehearse(named)

    assert (step.text, step.outcome) == ("Took “Short mail”.", "a")


def test_preview_names_the_way() -> None:
    doc = document.read(make.document(split(a=1)))
    event = Event(pk=1, type="contact.tag_added")
    ctx = RunContext(Run(event=event, contact_id=1), event, doc, doc.nodes["s"], None, None)  # type: ignore[arg-type]

    assert Split.model_validate(doc.nodes["s"].config).preview(ctx) == "Goes down “a”."


@pytest.mark.parametrize("weight", [0, -1, 1001, True, "3", None])
def test_problems(weight: object) -> None:
    node = {"uid": "s", "split": [{"uid": "a", "weight": weight, "then": []}]}

    assert play.problems_of(split(a=1, b=1000)) == []
    assert play.problems_of(node) == [("actions[0].split[0].weight", "Enter a whole number from 1 to 1000.")]
