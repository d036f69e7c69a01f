"""The page of a map: what it draws and tells, how it is built, what is attached where, and the video library."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from contacts import services
from pipelines.maps import verbs
from pipelines.models import Map, Step, Track, Video
from pipelines.tests.maps import make
from triggers.explaining import backfill
from triggers.models import Workflow
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
MAPS = "/admin/pipelines/map/"
TRACK = {"name": "T9", "kind": "standard", "description": ""}
STEP = {
    "name": "s9", "control": "checkbox", "choices": "", "mirrors": "", "required": "on", "done_by": "both",
    "description": "", "completion_message": "",
}  # fmt: skip


def page(target: Map) -> str:
    return f"{MAPS}{target.pk}/change/"


def names(target: Map) -> list[str]:
    return list(target.tracks.filter(deleted_at=None).order_by("position").values_list("name", flat=True))


def problems(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return dict(answer.context["form"].errors)


def test_the_page_draws_the_map_with_who_stands_where() -> None:
    made, client = make.a_map("T1 std a! b~", "V video v!", "T2 flex c!"), visit.boss()
    person = make.lead()
    verbs.assign(person.pk, made)
    make.attached("track.opened", name="Greet", track=make.track("T1").pk)

    body = client.get(page(made)).content.decode()
    told = visit.words(body)

    assert "3 tracks with 4 steps. 1 lead stands in it." in told
    assert '<text class="name" x="15" y="30">T1</text>' in body
    assert '<text class="step" x="33"' in body
    assert "b (optional)" in told
    assert "Greet" in told
    assert "When the track opens." in told
    assert visit.refused_by_policy(body) == []


def test_drafts_are_told_from_what_is_live() -> None:
    made = make.a_map("T1 std a!")
    trigger = {"uid": "t1", "event": "step.closed", "config": {"step": make.step("T1.a").pk}, "conditions": None}
    Workflow.objects.create(name="Later", slug="later", draft={"triggers": [trigger], "actions": []})

    assert "Later (draft)" in visit.text(visit.boss(), page(made))


def test_problems_lead_to_their_element() -> None:
    made = make.a_map("T1 std a~", "T2 std b!")
    make.attached("step.closed", name="Greet", step=make.step("T1.a").pk)
    Step.objects.filter(name="b").update(deleted_at="2026-01-01T00:00Z")

    body = visit.boss().get(page(made)).content.decode()

    assert "“a” is optional: where it is left out, “Greet” never starts." in body
    assert "The track “T2” has no step yet." in body
    assert f'<a href="#track-{make.track("T2").pk}">Show</a>' in body
    assert f'<a href="#step-{make.step("T1.a").pk}">Show</a>' in body


def test_a_map_is_made_from_nothing() -> None:
    client = visit.boss()
    client.post(f"{MAPS}add/", {"name": "Kitchen", "colour": "#112233", "active": "on", "_save": "1"})
    made = Map.objects.get()
    assert "No track yet" in visit.text(client, page(made))

    client.post(f"{MAPS}{made.pk}/track/", TRACK)
    track = Track.objects.get()
    answer = client.post(
        f"{MAPS}track/{track.pk}/step/", {**STEP, "control": "dropdown", "choices": "Oak\nAsh\n", "_another": "1"}
    )

    assert answer["Location"] == f"{MAPS}track/{track.pk}/step/"
    step = Step.objects.get()
    assert (step.name, step.choices, step.position, step.required) == ("s9", ["Oak", "Ash"], 0, True)
    assert "s9 Dropdown: Oak, Ash · Required · done by: Either" in visit.text(client, page(made))
    verbs.assign(make.lead().pk, made)


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "a"}, "__all__", "The track has a step of this name already."),
        ({"control": "dropdown"}, "choices", "Give 1 to 200 different choices."),
        ({"control": "form"}, "choices", "Enter at least one question."),
        ({"control": "mirror"}, "mirrors", "A step cannot be paired with “”. Choose a field of the contact, such as city."),
        ({"control": "video"}, "control", "Select a valid choice. video is not one of the available choices."),
    ],
)  # fmt: skip
def test_a_step_that_cannot_work_is_refused_at_its_field(given: Any, field: str, why: str) -> None:
    make.a_map("T1 std a!")

    answer = visit.boss().post(f"{MAPS}track/{make.track('T1').pk}/step/", {**STEP, **given})

    assert problems(answer) == {field: [why]}
    assert Step.objects.count() == 1


def test_two_tracks_of_one_name_are_refused() -> None:
    made = make.a_map("T1 std a!")

    answer = visit.boss().post(f"{MAPS}{made.pk}/track/", {**TRACK, "name": "T1"})

    assert problems(answer) == {"__all__": ["The map has a track of this name already."]}


def test_a_video_comes_from_the_library_and_follows_it() -> None:
    make.a_map("V video v!")
    client = visit.boss()
    client.post("/admin/pipelines/video/add/", {"name": "Intro", "url": "https://a.example/1.mp4", "description": ""})
    video = Video.objects.get()
    step = make.step("V.v")
    given = {name: value for name, value in STEP.items() if name not in ("choices", "mirrors")}

    edit = f"{MAPS}step/{step.pk}/edit/"
    assert problems(
        client.post(edit, {**given, "name": "v", "control": "video", "video_url": "https://evil.example/x"})
    )
    client.post(edit, {**given, "name": "v", "control": "video", "video_url": video.url})
    step.refresh_from_db()
    assert step.video_url == "https://a.example/1.mp4"

    change = f"/admin/pipelines/video/{video.pk}/change/"
    client.post(change, {"name": "Intro", "url": "https://a.example/2.mp4", "description": ""})
    step.refresh_from_db()
    assert step.video_url == "https://a.example/2.mp4"
    assert client.get(f"/admin/pipelines/video/{video.pk}/delete/").status_code == 403


@pytest.mark.parametrize(
    "url", ["http://a.example/1.mp4", "javascript:alert(1)", "//a.example/1.mp4", "data:video/mp4,x", "/\\evil"]
)
def test_only_https_and_own_files_are_videos(url: str) -> None:
    answer = visit.boss().post("/admin/pipelines/video/add/", {"name": "Intro", "url": url, "description": ""})

    assert "Enter an address that begins with https://" in answer.content.decode()
    assert not Video.objects.exists()


def test_elements_are_moved_and_removed_and_leads_keep_them() -> None:
    made, client = make.a_map("T1 std a! b!", "T2 std c!", "T3 std d!"), visit.boss()
    person = make.lead()
    verbs.assign(person.pk, made)
    first, third = make.track("T1"), make.track("T3")

    assert visit.pressed(client, f"{MAPS}track/{third.pk}/do/", act="up") == "“T3”, position 2 of 3."
    assert names(made) == ["T1", "T3", "T2"]
    assert visit.pressed(client, f"{MAPS}track/{first.pk}/do/", act="up") == "“T1”, position 1 of 3."
    visit.pressed(client, f"{MAPS}step/{make.step('T1.a').pk}/do/", act="down")
    assert list(Step.objects.filter(track=first).order_by("position").values_list("name", flat=True)) == ["b", "a"]
    visit.pressed(client, f"{MAPS}step/{make.step('T1.a').pk}/do/", act="remove")
    visit.pressed(client, f"{MAPS}track/{third.pk}/do/", act="remove")

    assert names(made) == ["T1", "T2"]
    assert make.at(make.journey(person), "T1.a").status == "open"
    assert client.get(f"{MAPS}track/{third.pk}/edit/").status_code == 404
    assert client.get(f"{MAPS}track/{first.pk}/do/").status_code == 405


def test_kind_and_control_stay_once_leads_have_been_there() -> None:
    made, client = make.a_map("T1 std a!"), visit.boss()
    verbs.assign(make.lead().pk, made)
    track, step = make.track("T1"), make.step("T1.a")

    client.post(f"{MAPS}track/{track.pk}/edit/", {**TRACK, "name": "T1", "kind": "video"})
    client.post(f"{MAPS}step/{step.pk}/edit/", {**STEP, "name": "renamed", "control": "number"})

    track.refresh_from_db(), step.refresh_from_db()
    assert (track.kind, step.control, step.name) == ("standard", "text", "renamed")


def test_a_new_workflow_begins_with_its_trigger_filled_in() -> None:
    make.a_map("T1 std a!")
    client, step = visit.boss(), make.step("T1.a")

    shown = client.get(f"{MAPS}step/{step.pk}/attach/?event=step.closed")

    links = {str(label): url for label, url, _said in shown.context["new"]}
    assert list(links) == ["New workflow here", "New conditional here", "New time-based workflow here"]
    page = client.get(links["New workflow here"])
    form = page.context["adminform"].form
    assert form.edited.document["triggers"][0]["event"] == "step.closed"
    assert '<option value="step.closed" selected' in page.content.decode()
    draft = form.fields["draft"].clean(form["draft"].value())
    assert draft["triggers"] == [
        {"uid": "t1", "event": "step.closed", "config": {"step": step.pk}, "conditions": None}
    ]  # fmt: skip
    assert '"workflow.choose"' in parse_qs(urlsplit(links["New conditional here"]).query)["draft"][0]
    assert '"journey.timer"' in parse_qs(urlsplit(links["New time-based workflow here"]).query)["draft"][0]
    assert client.post(links["New workflow here"].partition("?")[0], {
        "name": "Greet", "folder": "", "owner": "", "description": "", "draft": form["draft"].value(), "_publish": "1",
    }).status_code == 302  # fmt: skip
    assert Workflow.objects.get().status == "live"


def test_a_workflow_that_there_is_gets_the_trigger_in_its_draft() -> None:
    made, client = make.a_map("T1 std a!"), visit.boss()
    flow = make.attached("map.opened", name="Greet", map=made.pk)
    attach = f"{MAPS}track/{make.track('T1').pk}/attach/"

    told = visit.pressed(client, attach, workflow=flow.pk, event="track.closed")

    assert told == "Attached in the draft of “Greet”. Publish it, and it starts from then on."
    flow.refresh_from_db()
    assert [each["event"] for each in flow.draft["triggers"]] == ["map.opened", "track.closed"]
    assert flow.draft["triggers"][1]["config"] == {"track": make.track("T1").pk}
    assert "has this trigger already" in visit.pressed(client, attach, workflow=flow.pk, event="track.closed")
    assert visit.pressed(client, attach, workflow="", event="track.closed") == "Choose a workflow."


def test_the_page_says_how_many_leads_are_past_it() -> None:
    made, client = make.a_map("T1 std a! b!"), visit.boss()
    for n in range(3):
        person = make.lead(email=f"p{n}@example.org")
        verbs.assign(person.pk, made)
    verbs.complete(person.pk, make.step("T1.a"), "x")

    def said(event: str) -> str:
        return visit.text(client, f"{MAPS}step/{make.step('T1.a').pk}/attach/?event={event}")

    assert "3 leads in the map are past that. It starts nothing for them." in said("step.opened")
    assert "1 lead in the map is past that. It starts nothing for that one." in said("step.closed")


def test_who_may_look_does_not_build() -> None:
    made = make.a_map("T1 std a!")
    looker = visit.staff("view_map")
    track = make.track("T1")

    body = looker.get(page(made)).content.decode()

    assert "Add a step" not in body
    assert "Attach a workflow" not in body
    for address in (f"{MAPS}{made.pk}/track/", f"{MAPS}track/{track.pk}/step/", f"{MAPS}track/{track.pk}/edit/",
                    f"{MAPS}track/{track.pk}/attach/"):  # fmt: skip
        assert looker.get(address).status_code == 403
    assert looker.post(f"{MAPS}track/{track.pk}/do/", {"act": "remove"}).status_code == 403
    assert visit.staff("view_contact", name="other").get(page(made)).status_code == 403


def test_a_builder_without_a_right_to_workflows_attaches_none() -> None:
    made = make.a_map("T1 std a!")
    flow = make.attached("map.opened", name="Greet", map=made.pk)
    builder = visit.staff("view_map", "change_map")

    shown = builder.get(f"{MAPS}map/{made.pk}/attach/")

    assert list(shown.context["new"]) == []
    assert builder.post(f"{MAPS}map/{made.pk}/attach/", {"workflow": flow.pk}).status_code == 403


def test_the_page_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    made = make.a_map(*(f"T{n} std " + " ".join(f"s{k}!" for k in range(5)) for n in range(6)))
    client: Client = visit.boss()
    for n in range(5):
        make.attached("track.opened", name=f"F{n}", track=make.track(f"T{n}").pk)
    client.get(page(made))

    with django_assert_max_num_queries(24):
        client.get(page(made))


def test_a_map_that_leads_have_been_in_is_not_deleted() -> None:
    journey = make.assigned("T1 std a!")

    answer = visit.boss().post(f"{MAPS}{journey.map_id}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    assert Map.objects.count() == 1


def test_name_and_colour_have_a_form_of_their_own() -> None:
    made, client = make.a_map("T1 std a!"), visit.boss()

    client.post(f"{MAPS}{made.pk}/form/", {"name": "Kitchen", "colour": "#112233", "description": ""})

    made.refresh_from_db()
    assert (made.name, made.colour, made.active) == ("Kitchen", "#112233", False)
    assert visit.staff("view_map").post(f"{MAPS}{made.pk}/form/", {"name": "Other"}).status_code == 403


def test_a_backfill_is_offered_for_leads_that_are_past_it_and_leaves_out_those_that_are_gone() -> None:
    going = make.assigned("T1 std a!", "T2 std b!", email="ann@example.org")
    made, track = going.map, make.track("T1")
    for n, status in enumerate(("lost", "open")):
        person = make.lead(email=f"p{n}@example.org")
        verbs.assign(person.pk, made)
        services.update(person, {"lead_status": status})
    flow = make.attached("track.opened", name="Greet", track=track.pk)
    make.attached("track.closed", name="Thanks", track=track.pk)
    client, page = visit.boss(), f"/admin/pipelines/map/track/{track.pk}/attach/?event=track.opened"

    answer = client.get(page)

    told = visit.words(answer.content.decode())
    assert "2 leads in the map are past that." in told
    assert "For those who are past it Greet Backfill… “Greet” It is counted first." in told
    [(_flow, form)] = answer.context["fills"]
    counted = client.get(form)
    initial = counted.context["adminform"].form.initial
    assert (initial["workflow"], initial["over"]) == (str(flow.pk), "events")
    assert backfill.prepare(flow, "events").matching == 2
    assert "Backfill…" not in visit.text(visit.staff("change_map"), page)


def test_an_element_is_put_where_it_was_dropped() -> None:
    made, client = make.a_map("T1 std a! b! c!", "T2 std d!"), visit.boss()

    def dropped(kind: str, pk: int, place: str) -> list[str]:
        client.post(f"{MAPS}{kind}/{pk}/do/", {"act": "place", "place": place})
        rows = Track.objects.filter(map=made) if kind == "track" else Step.objects.filter(track=make.track("T1"))
        return [row.name for row in rows.order_by("position", "pk")]

    assert dropped("step", make.step("T1.a").pk, "3") == ["b", "c", "a"]
    assert dropped("step", make.step("T1.a").pk, "99") == ["b", "c", "a"]
    assert dropped("step", make.step("T1.c").pk, "nowhere") == ["c", "b", "a"]
    assert dropped("track", make.track("T2").pk, "1") == ["T2", "T1"]
    assert "data-grip" in client.get(page(made)).content.decode()
