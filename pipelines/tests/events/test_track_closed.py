"""track.closed: everything is done, or what is left is optional and the agent moved on."""

import pytest

from pipelines.maps import verbs
from pipelines.tests.maps import make
from triggers.models import Run

pytestmark = pytest.mark.django_db


def test_it_is_told_once_with_its_track() -> None:
    journey = make.assigned("T1 std a! b~", "T2 std c!")
    flow = make.attached("track.closed", track=make.track("T1").pk)
    verbs.complete(journey.contact_id, make.step("T1.a"))

    verbs.advance(journey.contact_id)

    [event] = make.events("track.closed")
    assert (event.data["track_id"], event.data["kind"]) == (make.track("T1").pk, "standard")
    assert Run.objects.get(workflow=flow).event_id == event.pk
    assert make.at(journey, "T1.b").status == "left"


def test_the_last_task_track_makes_the_journey_ready_to_close() -> None:
    journey = make.assigned("T1 std a!", "V video v!")
    assert journey.ready_at is None

    verbs.complete(journey.contact_id, make.step("T1.a"))

    journey.refresh_from_db()
    assert (journey.ready_at is not None, journey.status) == (True, "open")
