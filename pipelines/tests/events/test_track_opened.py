"""track.opened: with the map, or after the task track before it."""

import pytest

from pipelines.maps import verbs
from pipelines.tests.maps import make
from triggers.models import Run

pytestmark = pytest.mark.django_db


def test_it_tells_which_track_of_what_kind_in_which_wave() -> None:
    journey = make.assigned("T1 std a!", "V video v!", "T2 std b!")
    verbs.complete(journey.contact_id, make.step("T1.a"))

    told = [(e.data["track"], e.data["kind"], e.data["wave"], e.dedup_key) for e in make.events("track.opened")]
    of = {name: f"track.opened:{journey.pk}:{make.track(name).pk}" for name in ("T1", "V", "T2")}
    assert told == [("T1", "standard", 1, of["T1"]), ("V", "video", 2, of["V"]), ("T2", "standard", 2, of["T2"])]


@pytest.mark.parametrize(("kind", "tracks"), [("any", ["V", "T1"]), ("video", ["V"]), ("flex", [])])
def test_a_kind_narrows_it(kind: str, tracks: list[str]) -> None:
    flow = make.attached("track.opened", kind=kind)

    make.assigned("V video v!", "T1 std a!")

    ran = Run.objects.filter(workflow=flow).order_by("pk").select_related("event")
    assert [run.event.data["track"] for run in ran] == tracks


def test_a_track_deleted_before_its_turn_never_opens() -> None:
    journey = make.assigned("T1 std a!", "T2 std b!", "T3 std c!")
    make.track("T2").hide()

    verbs.complete(journey.contact_id, make.step("T1.a"))

    assert [event.data["track"] for event in make.events("track.opened")] == ["T1", "T3"]
