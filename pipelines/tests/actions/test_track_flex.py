"""track.flex: which steps of a flex track the lead gets."""

import pytest

from contacts.tests.actions import play
from pipelines.maps import verbs
from pipelines.tests.maps import make

pytestmark = pytest.mark.django_db


def test_it_keeps_these_steps_and_takes_the_others_away() -> None:
    journey = make.assigned("F flex x! y! z!")

    done = play.perform(
        "track.flex", journey.contact, track=make.track("F").pk, keep=[make.step("F.x").pk, make.step("F.z").pk]
    )

    assert (done.status, done.summary) == ("done", "Keeps of “F”: x, z.")
    assert [make.at(journey, f"F.{name}").status for name in "xyz"] == ["open", "removed", "open"]


def test_a_step_of_another_track_is_refused_at_its_field() -> None:
    make.a_map("F flex x!", "G flex y!")

    found = play.problems("track.flex", track=make.track("F").pk, keep=[make.step("F.x").pk, make.step("G.y").pk])

    assert found == [(".keep[1]", "This is no step of the track “F”.")]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("T1", "Choose a flex track."),
        ("nowhere", "There is no track “4711”. It may have been deleted; choose another."),
    ],
)
def test_a_track_that_is_no_flex_track_is_refused(name: str, told: str) -> None:
    make.a_map("T1 std a!")
    key = make.track("T1").pk if name == "T1" else 4711

    assert play.problems("track.flex", track=key, keep=[]) == [(".track", told)]


def test_a_track_of_another_map_fails_it() -> None:
    make.a_map("G flex y!", name="Other")
    journey = make.assigned("F flex x!")

    done = play.perform("track.flex", journey.contact, track=make.track("G").pk, keep=[])

    assert (done.status, done.error) == ("failed", "“G” is no flex track of the map that the lead is in.")
    assert make.at(journey, "F.x").status == "open"


def test_a_closed_track_is_left_as_it_is() -> None:
    journey = make.assigned("F flex x! y~", "T2 std a!")
    verbs.complete(journey.contact_id, make.step("F.x"))
    verbs.advance(journey.contact_id)

    done = play.perform("track.flex", journey.contact, track=make.track("F").pk, keep=[make.step("F.y").pk])

    assert (done.status, done.summary) == ("skipped", "The track is closed, or the lead is not in this map any more.")
    assert make.at(journey, "F.y").status == "left"
