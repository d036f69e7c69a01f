"""Journeys over the API: every act, and every act that is refused with nothing changed."""

from typing import Any

import pytest

from contacts.models import Contact
from pipelines.maps import links, verbs
from pipelines.models import Journey, JourneyStep, JourneyTrack
from pipelines.tests.maps import make
from triggers.models import Event, Run
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
URL = "/api/v1/journeys/"
TABLES = (Journey, JourneyTrack, JourneyStep, Event, Run, Contact)


def client(*scopes: str) -> Any:
    return calls.client(*(scopes or ("journeys:read", "journeys:write")))


def act(journey: Journey, path: str, body: dict[str, Any] | None = None) -> Any:
    return client().post(f"{URL}{journey.pk}/{path}/", body or {}, format="json")


def everything() -> list[Any]:
    return [list(table._base_manager.order_by("pk").values()) for table in TABLES]


def refused(journey: Journey, path: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
    """The status and the message of an act that changes nothing."""
    before = everything()
    answer = act(journey, path, body)
    assert everything() == before
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["detail"]


def test_a_contact_is_put_into_a_map() -> None:
    made, person = make.a_map("V video v!", "T1 std a! b~"), make.lead()

    answer = client().post(URL, {"contact": person.pk, "map": made.pk}, format="json")

    told = answer.json()
    assert (answer.status_code, told["map_name"], told["status"], told["channel"]) == (201, "M", "open", "form")
    assert [(track["name"], track["kind"], track["status"]) for track in told["tracks"]] == [
        ("V", "video", "open"), ("T1", "standard", "open"),
    ]  # fmt: skip
    assert [step["name"] for step in told["tracks"][1]["steps"]] == ["a", "b"]
    assert Event.objects.filter(type="map.opened").get().actor == "api"


def test_put_into_the_map_it_is_in_already_nothing_happens() -> None:
    journey = make.assigned("T1 std a!")

    answer = client().post(URL, {"contact": journey.contact_id, "map": journey.map_id}, format="json")

    assert answer.json()["id"] == journey.pk
    assert len(make.events("map.opened")) == 1


def test_steps_are_completed_changed_unticked_and_passed_over() -> None:
    journey = make.assigned("T1 std a! b~", "T2 std c!")
    a = make.step("T1.a").pk

    completed = act(journey, f"steps/{a}/complete", {"value": "one", "by": "lead"}).json()
    changed = act(journey, f"steps/{a}/change", {"value": "two"}).json()
    unticked = act(journey, f"steps/{a}/uncheck").json()
    act(journey, f"steps/{a}/complete", {"value": "three"})
    advanced = act(journey, "advance").json()

    step = completed["tracks"][0]["steps"][0]
    assert (step["step"], step["status"], step["value"], step["done_by"]) == (a, "done", "one", "lead")
    assert changed["tracks"][0]["steps"][0]["value"] == "two"
    assert unticked["tracks"][0]["steps"][0]["status"] == "open"
    assert [(track["name"], track["status"]) for track in advanced["tracks"]] == [("T1", "closed"), ("T2", "open")]
    assert [event.data["value"] for event in make.events("step.closed")] == ["one"]


@pytest.mark.parametrize(("percent", "status"), [(89, "open"), (90, "done")])
def test_a_video_counts_as_watched_from_ninety_percent_on(percent: int, status: str) -> None:
    journey = make.assigned("V video v!")

    told = act(journey, f"steps/{make.step('V.v').pk}/watch", {"percent": percent}).json()

    step = told["tracks"][0]["steps"][0]
    assert (step["status"], step["percent"]) == (status, percent)


def test_a_video_watched_after_the_lead_was_closed_is_on_the_timeline_only() -> None:
    from contacts import timeline

    journey = make.assigned("V video v!")
    verbs.close(journey.contact_id, "lost")
    before = Event.objects.count()

    act(journey, f"steps/{make.step('V.v').pk}/watch")

    assert Event.objects.count() == before
    shown = [item.what for item in timeline.page(journey.contact_id).items]
    assert shown[0] == "watched a video after the lead was closed"


def test_a_step_of_another_map_is_refused() -> None:
    journey = make.assigned("T1 std a!")
    make.a_map("X std b!", name="Other")

    assert refused(journey, f"steps/{make.step('X.b').pk}/complete") == (409, "“b” is not open for this lead.")


def test_a_step_of_a_closed_track_is_refused() -> None:
    journey = make.assigned("T1 std a! b~", "T2 std c!")
    verbs.complete(journey.contact_id, make.step("T1.a"))
    verbs.advance(journey.contact_id)

    for name in ("a", "b"):
        for verb in ("complete", "uncheck"):
            path = f"steps/{make.step(f'T1.{name}').pk}/{verb}"
            assert refused(journey, path) == (409, "The track “T1” is closed.")


def test_a_step_of_a_track_that_is_not_open_yet_is_refused() -> None:
    journey = make.assigned("T1 std a!", "T2 std c!")

    assert refused(journey, f"steps/{make.step('T2.c').pk}/complete")[0] == 409


@pytest.mark.parametrize(
    "path", ["steps/{}/complete", "steps/{}/uncheck", "steps/{}/change", "steps/{}/watch", "advance"]
)
def test_a_journey_that_was_left_takes_no_act(path: str) -> None:
    journey = make.assigned("T1 std a!")
    verbs.assign(journey.contact_id, make.a_map("X std b!", name="Other"))

    message = "The lead was moved to another map; nothing can be done in this one any more."
    assert refused(journey, path.format(make.step("T1.a").pk)) == (409, message)


@pytest.mark.parametrize("path", ["steps/{}/complete", "steps/{}/uncheck", "steps/{}/change", "advance"])
def test_a_closed_lead_takes_no_act(path: str) -> None:
    journey = make.assigned("T1 std a!")
    verbs.close(journey.contact_id, "won")

    told = refused(journey, path.format(make.step("T1.a").pk))

    assert told == (409, "The lead is closed. Open it again to go on.")


def test_required_steps_hold_up_an_advance() -> None:
    journey = make.assigned("T1 std a! b~")

    assert refused(journey, "advance") == (409, "“a” has to be done first.")


@pytest.mark.parametrize(
    ("control", "choices", "value", "message"),
    [
        ("dropdown", ["Red", "Blue"], "Green", "value: Choose one of: Red, Blue."),
        ("dropdown", ["Red", "Blue"], None, "value: Choose one of: Red, Blue."),
        ("radio", ["Red"], ["Red"], "value: Choose one of: Red."),
        ("checkbox", [], False, "value: A checkbox is done by ticking it; to take that back, untick it."),
        ("date", [], "2026-02-30", "value: Enter a date such as 2026-03-31."),
        ("datetime", [], "soon", "value: Enter a date and time such as 2026-03-31T14:30."),
        ("number", [], "NaN", "value: Enter a number, for example 12.5."),
        ("number", [], True, "value: Enter a number, for example 12.5."),
        ("form", [], "yes", "value: Enter the answers of the form by their names."),
        ("text", [], {"a": 1}, "value: Enter text."),
        ("text", [], "x" * 5001, "value: Enter at most 5000 characters."),
        ("schedule", [], "later", "value: Enter a date and time such as 2026-03-31T14:30."),
    ],
)
def test_a_value_that_the_control_refuses(control: str, choices: list[str], value: Any, message: str) -> None:
    made = make.a_map("T1 std a! b!")
    step = make.step("T1.a")
    step.control, step.choices = control, choices
    step.save()
    person = make.lead()
    verbs.assign(person.pk, made)

    assert refused(make.journey(person), f"steps/{step.pk}/complete", {"value": value}) == (422, message)


@pytest.mark.parametrize(
    ("control", "value", "kept"),
    [
        ("dropdown", "red", "Red"),
        ("checkbox", None, None),
        ("checkbox", True, True),
        ("date", "2026-03-31", "2026-03-31"),
        ("number", "12.50", 12.5),
        ("form", {"Name": "Anna"}, {"Name": "Anna"}),
        ("call", " nobody there ", "nobody there"),
        ("schedule", "2026-03-31T14:30:00Z", "2026-03-31T14:30:00+00:00"),
    ],
)
def test_a_value_is_kept_as_its_control_has_it(control: str, value: Any, kept: Any) -> None:
    made = make.a_map("T1 std a! b!")
    step = make.step("T1.a")
    step.control, step.choices = control, ["Red"]
    step.save()
    person = make.lead()
    verbs.assign(person.pk, made)

    assert act(make.journey(person), f"steps/{step.pk}/complete", {"value": value}).status_code == 200
    assert make.at(make.journey(person), "T1.a").value == kept


def test_a_value_that_the_mirrored_field_refuses() -> None:
    journey = make.assigned("T1 std a!=country")

    status, message = refused(journey, f"steps/{make.step('T1.a').pk}/complete", {"value": "Nowhere"})

    assert (status, "“NOWHERE” is no country" in message) == (422, True)


@pytest.mark.parametrize("trouble", ["inactive", "no track", "no step"])
def test_a_map_that_cannot_take_a_lead(trouble: str) -> None:
    made = make.a_map(*({"no track": [], "no step": ["T1 std a!", "T2 std"]}.get(trouble, ["T1 std a!"])))
    made.active = trouble != "inactive"
    made.save()
    person = make.lead()
    before = everything()

    answer = client().post(URL, {"contact": person.pk, "map": made.pk}, format="json")

    assert answer.status_code == (409 if trouble == "inactive" else 422)
    assert everything() == before


def test_a_step_or_journey_that_is_not_there() -> None:
    journey = make.assigned("T1 std a!")

    assert act(journey, "steps/999999/complete").status_code == 404
    assert client().post(f"{URL}999999/advance/").status_code == 404
    assert client().post(f"{URL}x/advance/").status_code == 404


def test_scopes_and_permissions_are_asked_for() -> None:
    journey = make.assigned("T1 std a!")

    assert client("journeys:read").post(f"{URL}{journey.pk}/advance/").status_code == 403
    assert client("journeys:read").get(f"{URL}{journey.pk}/").status_code == 200
    assert client("journeys:write").get(URL).status_code == 403


def test_a_repeated_request_with_the_same_key_is_one_act() -> None:
    made, person, web = make.a_map("T1 std a!"), make.lead(), client()
    body = {"contact": person.pk, "map": made.pk}

    answers = [web.post(URL, body, format="json", headers={"Idempotency-Key": "k1"}).json() for _n in range(2)]

    assert answers[0] == answers[1]
    assert Journey.objects.count() == 1


def test_a_stale_reader_is_refused() -> None:
    journey, web = make.assigned("T1 std a!", "T2 std b!"), client()
    read = web.get(f"{URL}{journey.pk}/")
    verbs.complete(journey.contact_id, make.step("T1.a"))

    path = f"{URL}{journey.pk}/steps/{make.step('T2.b').pk}/complete/"
    answer = web.post(path, {}, format="json", headers={"If-Match": read["ETag"]})

    assert answer.status_code == 412
    assert make.at(journey, "T2.b").status == "open"


def test_journeys_are_listed_and_narrowed() -> None:
    journey = make.assigned("T1 std a!")
    verbs.assign(journey.contact_id, make.a_map("X std b!", name="Other"))

    whole = client().get(URL).json()["results"]
    left = client().get(URL, {"status": "left"}).json()["results"]

    assert ([row["map_name"] for row in whole], "tracks" in whole[0]) == (["Other", "M"], False)
    assert [row["id"] for row in left] == [journey.pk]


def test_a_new_link_ends_the_old_one() -> None:
    journey = make.assigned("T1 std a!")
    before = links.token(journey)

    answer = act(journey, "new-link")

    assert answer.status_code == 200
    assert links.journey_of(answer.json()["link"].rstrip("/").rpartition("/")[2]) == journey
    with pytest.raises(links.Replaced):
        links.journey_of(before)
    assert client("journeys:read").post(f"{URL}{journey.pk}/new-link/").status_code == 403
