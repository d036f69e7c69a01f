"""The lead's own page: behind a signed link, with the lead's steps and nothing else."""

from typing import Any

import pytest
from django.conf import settings
from django.core.signing import TimestampSigner
from django.test import Client

from contacts.models import CustomField
from contacts.tests import make as contacts
from pipelines.maps import links, story, verbs
from pipelines.models import Journey, Step, Video
from pipelines.tests.maps import make
from triggers import sweeping
from triggers.models import Event
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
FILM = "https://films.example/a b;c.mp4"


def address(journey: Journey) -> str:
    return links.address(journey).removeprefix(settings.PUBLIC_URL)


def post(journey: Journey, act: str, step: str = "", **data: Any) -> Any:
    number = make.at(journey, step).pk if step else ""
    return Client(enforce_csrf_checks=True).post(address(journey), {"act": act, "step": number, **data})


def journey_with(*tracks: str, **by: str) -> Journey:
    """A lead's journey; steps are the agent's unless `by` says otherwise."""
    made = make.a_map(*tracks)
    Step.objects.update(done_by="agent")
    for name, who in by.items():
        Step.objects.filter(name=name).update(done_by=who)
    person = make.lead()
    verbs.assign(person.pk, made)
    return make.journey(person)


def test_the_lead_sees_its_own_steps_only() -> None:
    journey = journey_with("T1 std mine! both~ theirs!", mine="lead", both="both")

    answer = Client().get(address(journey))

    told = visit.words(answer.content.decode())
    assert "Good day, Anna 2 things are for you to do." in told
    assert ("mine" in told, "both" in told, "theirs" in told) == (True, True, False)
    assert visit.refused_by_policy(answer.content.decode()) == []
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_the_page_speaks_the_leads_language_else_the_browsers() -> None:
    journey = journey_with("T1 std mine!", mine="lead")

    told = Client().get(address(journey), headers={"Accept-Language": "de-DE,de;q=0.9"})

    assert "Guten Tag, Anna" in told.content.decode()
    assert (told["Content-Language"], '<html lang="de">' in told.content.decode()) == ("de", True)

    type(journey.contact).objects.filter(pk=journey.contact_id).update(language="en-GB")
    told = Client().get(address(journey), headers={"Accept-Language": "de-DE,de;q=0.9"})

    assert "Good day, Anna" in told.content.decode()
    assert told["Content-Language"] == "en"


def test_the_lead_does_a_step_and_is_thanked() -> None:
    journey = journey_with("T1 std a! b!", a="lead")
    Step.objects.filter(name="a").update(completion_message="Thank you.")

    answer = post(journey, "complete", "T1.a", value="oak")

    done = make.at(journey, "T1.a")
    assert (
        answer["Location"] == f"{address(journey).rpartition('/j/')[0]}{answer.request['PATH_INFO']}?done={done.pk}#now"
    )
    assert (done.status, done.value, done.done_by) == ("done", "oak", "lead")
    event = Event.objects.get(type="step.closed")
    assert (event.actor, event.origin, event.data["completed_by"]) == ("system", "lead page", "lead")
    assert "Thank you." in visit.words(Client().get(answer["Location"]).content.decode())
    assert post(journey, "change", "T1.a", value="ash").status_code == 302
    assert make.at(journey, "T1.a").value == "ash"


def test_whoever_is_signed_in_at_the_browser_does_not_act() -> None:
    journey, client = journey_with("T1 std a! b!", a="lead"), visit.boss()

    client.post(address(journey), {"act": "complete", "step": make.at(journey, "T1.a").pk, "value": "x"})

    assert Event.objects.get(type="step.closed").actor == "system"


@pytest.mark.parametrize(
    ("act", "step", "data", "status"),
    [
        ("complete", "T1.theirs", {"value": "x"}, 409), ("uncheck", "T1.theirs", {}, 409),
        ("advance", "", {}, 409), ("close", "", {"status": "won"}, 409), ("move", "", {"map": "1"}, 409),
        ("complete", "", {}, 409), ("complete", "T1.a", {"value": "twelve"}, 422), ("watch", "T1.a", {}, 409),
    ],
)  # fmt: skip
def test_what_is_not_the_leads_is_refused(act: str, step: str, data: Any, status: int) -> None:
    journey = journey_with("T1 std a! theirs!", "T2 std c!", a="lead")
    Step.objects.filter(name="a").update(control="number")
    journey.steps.filter(name="a").update(control="number")
    events = Event.objects.count()

    answer = post(journey, act, step, **data)

    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert Event.objects.count() == events


def test_calls_and_fields_that_name_colleagues_are_never_the_leads() -> None:
    CustomField.objects.create(key="fitter", label="Fitter", kind="user")
    made = make.a_map("T1 std a! b!=custom_fields.fitter c!")
    Step.objects.filter(name="a").update(control="call")
    person = make.lead()
    verbs.assign(person.pk, made)
    journey = make.journey(person)

    body = Client().get(address(journey)).content.decode()

    assert [f'id="step-{make.at(journey, f"T1.{name}").pk}"' in body for name in "abc"] == [False, False, True]
    assert post(journey, "complete", "T1.a", value="x").status_code == 409
    assert post(journey, "complete", "T1.b", value="1").status_code == 409


def test_a_form_tells_its_refusal_at_the_step_and_keeps_the_answers() -> None:
    made = make.a_map("T1 std a!")
    Step.objects.update(control="form", choices=["Rooms", "Style"], done_by="lead")
    person = make.lead()
    verbs.assign(person.pk, made)
    journey = make.journey(person)

    answer = post(journey, "complete", "T1.a", **{"answer-0": "three", "answer-1": ""})

    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Answer “Style” too." in body
    assert 'value="three"' in body


@pytest.mark.parametrize("change", [lambda t: t[:-2], lambda t: "9" + t, lambda t: t.replace(":", ";"), lambda _t: "x"])
def test_a_link_that_was_tampered_with_opens_nothing(change: Any) -> None:
    token = links.token(journey_with("T1 std a!", a="lead"))

    answer = Client().get(f"/j/{change(token)}/")

    assert answer.status_code == 404
    assert "This link does not work any more" in answer.content.decode()


def test_a_link_for_another_purpose_opens_nothing() -> None:
    journey = journey_with("T1 std a!")

    assert Client().get(f"/j/{TimestampSigner(salt='other').sign(str(journey.pk))}/").status_code == 404


def test_an_old_link_opens_nothing_and_says_so(settings: Any) -> None:
    journey = journey_with("T1 std a!", a="lead")
    settings.CONCOURS_JOURNEY_LINK_DAYS = -1

    answer = Client().get(address(journey))

    assert answer.status_code == 410
    assert "Ask" in visit.words(answer.content.decode())
    assert post(journey, "complete", "T1.a", value="x").status_code == 410
    assert make.at(journey, "T1.a").status == "open"


def test_one_link_asks_so_often_a_minute() -> None:
    journey = journey_with("T1 std a!", a="lead")
    client = Client()
    answers = [client.get(address(journey)).status_code for _n in range(61)]

    assert set(answers[:60]) == {200}
    assert answers[60] == 429


def test_after_the_lead_has_left_the_map_there_is_nothing_to_do() -> None:
    journey = journey_with("T1 std a!", a="lead")
    verbs.assign(journey.contact_id, make.a_map("X std y!", name="N"))

    assert "Everything here is done." in visit.words(Client().get(address(journey)).content.decode())
    assert post(journey, "complete", "T1.a", value="x").status_code == 409


def film(url: str = FILM) -> Journey:
    journey = journey_with("V video v!", "T1 std a!", v="lead")
    Step.objects.filter(name="v").update(video_url=url)
    return journey


def test_the_policy_lets_this_video_play_and_nothing_else() -> None:
    journey = film()
    Video.objects.create(name="Film", url=FILM)
    Video.objects.create(name="Other", url="https://other.example/x.mp4")

    answer = Client().get(address(journey))

    assert answer["Content-Security-Policy"].endswith("; media-src 'self' https://films.example/a%20b%3Bc.mp4")
    assert "<video controls" in answer.content.decode()
    assert "media-src" not in Client().get("/healthz")["Content-Security-Policy"]


def test_a_video_outside_the_library_is_a_link_only() -> None:
    answer = Client().get(address(film()))

    assert "media-src" not in answer["Content-Security-Policy"]
    assert "<video" not in answer.content.decode()
    assert "Watch the video" in answer.content.decode()


def test_progress_is_noted_and_enough_of_it_completes_the_step() -> None:
    journey = film()
    client, step = Client(headers={"accept": "application/json"}), make.at(journey, "V.v")

    assert client.post(address(journey), {"act": "watch", "step": step.pk, "percent": "40"}).json() == {"done": False}
    assert make.at(journey, "V.v").percent == 40
    assert client.post(address(journey), {"act": "watch", "step": step.pk, "percent": "95"}).json() == {"done": True}
    assert make.at(journey, "V.v").status == "done"
    refused = client.post(address(journey), {"act": "watch", "step": step.pk, "percent": "-1"})
    assert (refused.status_code, refused.json()) == (409, {"refused": "Say how much was watched, from 0 to 100."})


def test_without_access_the_videos_are_hidden() -> None:
    journey = film()
    Journey.objects.update(video_access=False)

    assert "film-" not in Client().get(address(journey)).content.decode()
    assert post(journey, "watch", "V.v", percent="95").status_code == 409


def test_send_video_access_sends_the_link(mailoutbox: list[Any]) -> None:
    made = make.a_map("V video v!", "T1 std a!")
    make.attached("track.opened", make.action("s", "video.send_access"), track=make.track("V").pk)
    person = make.lead()
    verbs.assign(person.pk, made)
    sweeping.drain()

    (mail,) = mailoutbox
    link = next(line for line in mail.body.splitlines() if "/j/" in line)
    assert Client().get(link.removeprefix(settings.PUBLIC_URL)).status_code == 200


def test_the_page_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    journey = make.assigned("T1 std " + " ".join(f"s{n}!" for n in range(30)), "V video v!", "T2 std b!")
    Client().get(address(journey))

    with django_assert_max_num_queries(16):
        Client().get(address(journey))


def test_a_new_link_ends_those_before_it_and_no_others() -> None:
    journey, friend = journey_with("T1 std a!", a="lead"), make.lead(email="ben@example.org")
    verbs.assign(friend.pk, journey.map)
    other = make.journey(friend)
    old, others, boss = address(journey), address(other), contacts.user("clara", first_name="Clara", last_name="Vogt")

    new = links.make_new(journey, boss).removeprefix(settings.PUBLIC_URL)

    refused = Client().get(old)
    assert refused.status_code == 410
    assert "has made a new link for you." in visit.words(refused.content.decode())
    assert post_to(old, "complete", journey) == 410
    assert make.at(journey, "T1.a").status == "open"
    assert [Client().get(each).status_code for each in (new, address(journey), others)] == [200, 200, 200]
    assert Client().get(new.replace("-1:", "-0:")).status_code == 404
    assert "Clara Vogt made a new link to the lead's page" in [visit.words(line.what) for line in story.story(journey)]


def post_to(path: str, act: str, journey: Journey) -> int:
    return Client().post(path, {"act": act, "step": make.at(journey, "T1.a").pk, "value": "x"}).status_code
