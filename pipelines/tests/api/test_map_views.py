"""Maps, tracks and steps over the API."""

from typing import Any

import pytest

from pipelines.models import Map, Step, Track
from pipelines.tests.maps import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
MAPS, TRACKS, STEPS = "/api/v1/maps/", "/api/v1/tracks/", "/api/v1/steps/"


def client() -> Any:
    return calls.client("maps:read", "maps:write")


def test_a_map_is_made_of_tracks_and_steps() -> None:
    web = client()

    made = web.post(MAPS, {"name": "Welcome", "colour": "#1f6feb"}, format="json").json()
    track = web.post(TRACKS, {"map": made["id"], "name": "First"}, format="json").json()
    second = web.post(TRACKS, {"map": made["id"], "name": "Videos", "kind": "video"}, format="json").json()
    step = web.post(
        STEPS,
        {"track": track["id"], "name": "Colour", "control": "dropdown", "choices": ["Red", "Blue"]},
        format="json",
    ).json()
    video = web.post(STEPS, {"track": second["id"], "name": "Intro", "control": "video"}, format="json").json()

    assert (track["kind"], track["position"], second["position"]) == ("standard", 0, 1)
    assert (step["required"], step["choices"], video["position"]) == (True, ["Red", "Blue"], 0)
    assert web.get(f"{MAPS}{made['id']}/").json()["problems"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "M", "colour": "#123456"}, "name"),
        ({"name": "Other", "colour": "#000000"}, "colour"),
        ({"name": "Other", "colour": "red"}, "colour"),
        ({"name": "", "colour": "#123456"}, "name"),
    ],
)
def test_two_maps_of_one_name_or_colour_and_other_nonsense(body: dict[str, str], field: str) -> None:
    make.a_map("T1 std a!")

    answer = client().post(MAPS, body, format="json")

    assert (answer.status_code, list(calls.errors(answer))) == (400, [field])
    assert Map.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"control": "dropdown"}, "choices"),
        ({"control": "radio", "choices": ["a", "A"]}, "choices"),
        ({"control": "mirror"}, "mirrors"),
        ({"control": "mirror", "mirrors": "lead_status"}, "mirrors"),
        ({"control": "mirror", "mirrors": "custom_fields.none"}, "mirrors"),
        ({"control": "video"}, "control"),
        ({"control": "magic"}, "control"),
    ],
)
def test_a_step_whose_control_cannot_work(body: dict[str, Any], field: str) -> None:
    make.a_map("T1 std a!")

    answer = client().post(STEPS, {"track": make.track("T1").pk, "name": "b", **body}, format="json")

    assert (answer.status_code, list(calls.errors(answer))) == (400, [field])
    assert Step.objects.count() == 1


def test_two_tracks_or_steps_of_one_name_in_one_place() -> None:
    made = make.a_map("T1 std a!")

    track = client().post(TRACKS, {"map": made.pk, "name": "T1"}, format="json")
    step = client().post(STEPS, {"track": make.track("T1").pk, "name": "a"}, format="json")

    assert (track.status_code, step.status_code) == (400, 400)
    assert (Track.objects.count(), Step.objects.count()) == (1, 1)


def test_what_leads_have_got_to_keeps_its_kind_and_place() -> None:
    journey = make.assigned("T1 std a!")
    other = make.a_map("X flex b!", name="Other")
    web, track, step = client(), make.track("T1"), make.step("T1.a")

    tried = [
        web.patch(f"{TRACKS}{track.pk}/", {"kind": "flex"}, format="json"),
        web.patch(f"{TRACKS}{track.pk}/", {"map": other.pk}, format="json"),
        web.patch(f"{STEPS}{step.pk}/", {"control": "checkbox"}, format="json"),
        web.patch(f"{STEPS}{step.pk}/", {"track": make.track("X").pk}, format="json"),
    ]
    renamed = web.patch(f"{STEPS}{step.pk}/", {"name": "New"}, format="json")

    assert [answer.status_code for answer in tried] == [400] * 4
    assert (renamed.status_code, make.track("T1").kind, journey.steps.get().name) == (200, "standard", "a")


def test_a_map_that_leads_have_been_in_cannot_be_deleted() -> None:
    journey = make.assigned("T1 std a!")
    other = make.a_map("X std b!", name="Other")

    refused = client().delete(f"{MAPS}{journey.map_id}/")
    gone = client().delete(f"{MAPS}{other.pk}/")

    assert (refused.status_code, gone.status_code) == (409, 204)
    assert list(Map.objects.values_list("name", flat=True)) == ["M"]


def test_a_deleted_step_is_hidden_and_the_journey_keeps_it() -> None:
    journey = make.assigned("T1 std a! b!")
    step = make.step("T1.b")

    assert client().delete(f"{STEPS}{step.pk}/").status_code == 204

    assert client().get(f"{STEPS}{step.pk}/").status_code == 404
    assert make.at(journey, "T1.b").status == "open"


def test_the_map_tells_its_problems() -> None:
    made = make.a_map("T1 std a!", "T2 std")

    [problem] = client().get(f"{MAPS}{made.pk}/").json()["problems"]

    assert (problem["level"], problem["message"]) == ("error", "The track “T2” has no step yet. Add one first.")
