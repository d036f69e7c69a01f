"""step.closed: completed for the first time, by the lead, the agent, a workflow, or its field."""

import pytest

from contacts import services
from contacts.models import Contact
from pipelines.maps import verbs
from pipelines.tests.maps import make
from triggers.models import Run

pytestmark = pytest.mark.django_db


def test_it_tells_the_value_and_who_completed_it() -> None:
    journey = make.assigned("T1 std a! b!=city")

    verbs.complete(journey.contact_id, make.step("T1.a"), "Called", "lead")
    services.update(Contact.objects.get(pk=journey.contact_id), {"city": "Berlin"})

    told = [(e.data["step"], e.data["value"], e.data["completed_by"]) for e in make.events("step.closed")]
    assert told == [("a", "Called", "lead"), ("b", "Berlin", "field")]


def test_completed_again_it_is_not_told_again() -> None:
    journey = make.assigned("T1 std a! b!")
    step = make.step("T1.a")
    verbs.complete(journey.contact_id, step, "one")
    verbs.uncheck(journey.contact_id, step)

    verbs.complete(journey.contact_id, step, "two")
    verbs.complete(journey.contact_id, step, "three")

    assert [event.data["value"] for event in make.events("step.closed")] == ["one"]
    assert make.at(journey, "T1.a").value == "three"


@pytest.mark.parametrize(("by", "started"), [("any", True), ("lead", True), ("agent", False)])
def test_who_completed_it_narrows_it(by: str, started: bool) -> None:
    journey = make.assigned("T1 std a! b!")
    flow = make.attached("step.closed", by=by)

    verbs.complete(journey.contact_id, make.step("T1.a"), by="lead")

    assert Run.objects.filter(workflow=flow).exists() is started


def test_an_action_that_breaks_undoes_no_progress() -> None:
    journey = make.assigned("T1 std a!", "T2 std b!")
    flow = make.attached("step.closed", make.action("a1", "contact.update", values={"email": "{{ event.step }}"}))

    verbs.complete(journey.contact_id, make.step("T1.a"))

    assert make.last_run(flow).status == Run.Status.FAILED
    assert make.track_at(journey, "T2").status == "open"
