"""step.opened: the step's track opens, and flex has not taken it away."""

import pytest

from pipelines.tests.maps import make
from triggers.models import Run

pytestmark = pytest.mark.django_db


def test_each_step_is_told_in_the_order_of_the_map() -> None:
    journey = make.assigned("V video v!", "T1 std b! a~")

    told = [(e.data["track"], e.data["step"], e.data["required"]) for e in make.events("step.opened")]
    assert told == [("V", "v", True), ("T1", "b", True), ("T1", "a", False)]
    keys = [event.dedup_key for event in make.events("step.opened")]
    assert keys[0] == f"step.opened:{journey.pk}:{make.step('V.v').pk}"


def test_all_events_of_a_wave_have_one_moment() -> None:
    make.assigned("T1 std a! b!")

    moments = {
        event.occurred_at for kind in ("map.opened", "track.opened", "step.opened") for event in make.events(kind)
    }
    assert len(moments) == 1


def test_a_step_starts_its_own_workflows_only() -> None:
    made = make.a_map("T1 std a! b!")
    flow = make.attached("step.opened", step=make.step("T1.b").pk)
    everything = make.attached("step.opened", name="All", track=make.track("T1").pk)
    from pipelines.maps import verbs

    verbs.assign(make.lead().pk, made)

    assert [run.event.data["step"] for run in Run.objects.filter(workflow=flow).select_related("event")] == ["b"]
    assert Run.objects.filter(workflow=everything).count() == 2
