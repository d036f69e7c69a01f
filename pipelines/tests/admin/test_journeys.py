"""The list of journeys and the agent's page: what it tells, every act, every refusal, and who may."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Contact, CustomField
from pipelines.maps import links, verbs
from pipelines.models import Journey, JourneyStep, Step
from pipelines.tests.maps import make
from triggers import sweeping
from triggers.models import Event
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/pipelines/journey/"
MAY = ("view_journey", "change_journey", "view_contact")


def page(journey: Journey) -> str:
    return f"{LIST}{journey.pk}/change/"


def act(client: Client, journey: Journey, act: str, step: str = "", **data: Any) -> Any:
    number = make.at(journey, step).pk if step else ""
    return client.post(f"{LIST}{journey.pk}/act/", {"act": act, "step": number, **data}, follow=True)


def said(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


def test_the_page_answers_first_what_is_left_to_do() -> None:
    journey = make.assigned("T1 std a! b! c~", "V video v!", "T2 std d!", first_name="Sophie", last_name="Lang")

    client = visit.boss()
    told = visit.text(client, page(journey))

    assert "Sophie Lang Lead open M, day 1 T1 is open. 2 required steps are left before T2." in told
    assert "Tracks 1 T1 Open, 0 of 3 done V Video, later 2 T2" in told
    assert "Do now T1 a Required" in told
    assert "Advancing is possible once the 2 required steps are done." in told
    assert visit.refused_by_policy(client.get(page(journey)).content.decode()) == []


def test_ready_says_what_advancing_leaves_undone() -> None:
    journey = make.assigned("T1 std a! b~", "T2 std c!")
    client = visit.boss()

    told = said(act(client, journey, "complete", "T1.a", value="oak"))

    assert told == "“a” is done."
    text = visit.text(client, page(journey))
    assert "Everything required in T1 is done. One optional step is left; advance to T2 when you are ready." in text
    assert "Ready to advance “b” will be left undone for good. Advance to T2" in text
    assert "a: oak" in text
    assert said(act(client, journey, "advance")) == "Advanced."
    assert make.at(journey, "T1.b").status == "left"
    assert "T2 is open, the last track. One required step is left." in visit.text(client, page(journey))


def test_a_step_is_changed_and_opened_again() -> None:
    journey, client = make.assigned("T1 std a! b!"), visit.boss()
    act(client, journey, "complete", "T1.a", value="oak")

    assert said(act(client, journey, "change", "T1.a", value="ash")) == "“a” is changed."
    assert make.at(journey, "T1.a").value == "ash"
    assert said(act(client, journey, "uncheck", "T1.a")) == "“a” is open again."
    assert (make.at(journey, "T1.a").status, make.at(journey, "T1.a").value) == ("open", None)


def test_the_history_tells_who_did_what() -> None:
    journey, client = make.assigned("T1 std a!", "T2 std b!"), visit.boss()
    make.attached("step.closed", make.action("n", "note.create", body="Hello"), name="Greet", step=make.step("T1.a").pk)
    act(client, journey, "complete", "T1.a", value="oak")
    sweeping.drain()

    told = visit.text(client, page(journey))

    assert "Put into M by System" in told
    assert "Boss completed a oak" in told
    assert "Track T1 closed; T2 opened 1 step to do" in told
    assert "Workflow Greet" in told


@pytest.mark.parametrize(
    ("control", "choices", "given", "kept"),
    [
        ("dropdown", ["Oak", "Ash"], {"value": "Ash"}, "Ash"),
        ("radio", ["Oak", "Ash"], {"value": "Oak"}, "Oak"),
        ("checkbox", [], {}, True),
        ("date", [], {"value": "2026-06-11"}, "2026-06-11"),
        ("datetime", [], {"value": "2026-06-11T09:00"}, "2026-06-11T09:00:00+00:00"),
        ("number", [], {"value": "12.5"}, 12.5),
        ("text", [], {"value": " a line "}, "a line"),
        ("form", ["Rooms", "Style"], {"answer-0": "3", "answer-1": "Oak"}, {"Rooms": "3", "Style": "Oak"}),
        ("schedule", [], {"value": "2026-06-11T09:00"}, "2026-06-11T09:00:00+00:00"),
        ("call", [], {"value": "wants oak"}, "wants oak"),
    ],
)
def test_every_control_is_drawn_and_taken(control: str, choices: list[str], given: Any, kept: Any) -> None:
    made = make.a_map("T1 std a!")
    Step.objects.update(control=control, choices=choices)
    person = make.lead()
    verbs.assign(person.pk, made)
    journey, client = make.journey(person), visit.boss()

    assert client.get(page(journey)).status_code == 200
    assert said(act(client, journey, "complete", "T1.a", **given)) == "“a” is done."

    assert make.at(journey, "T1.a").value == kept
    assert client.get(page(journey)).status_code == 200


@pytest.mark.parametrize(
    ("control", "given", "why"),
    [
        ("dropdown", "Elm", "Choose one of: Oak, Ash."),
        ("number", "twelve", "Enter a number, for example 12.5."),
        ("date", "soon", "Enter a date such as 2026-03-31."),
        ("datetime", "", "Enter a date and time such as 2026-03-31T14:30."),
        ("schedule", "", "Choose the day and the time of the appointment."),
    ],
)
def test_a_refusal_stands_at_its_step_and_nothing_is_lost(control: str, given: str, why: str) -> None:
    made = make.a_map("T1 std a! b!")
    Step.objects.filter(name="a").update(control=control, choices=["Oak", "Ash"])
    person = make.lead()
    verbs.assign(person.pk, made)
    journey = make.journey(person)

    answer = act(visit.boss(), journey, "complete", "T1.a", value=given)

    body = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="refused-{make.at(journey, "T1.a").pk}" role="alert">{why}</p>' in body
    assert control == "dropdown" or not given or f'value="{given}"' in body
    assert make.at(journey, "T1.a").status == "open"


def test_a_mirror_step_asks_as_its_field_does_and_fills_it() -> None:
    CustomField.objects.create(key="style", label="Style", kind="choice", choices=[{"value": "oak", "label": "Oak"}])
    CustomField.objects.create(key="budget", label="Budget", kind="money", currency="EUR")
    made = make.a_map("T1 std a!=custom_fields.style b!=custom_fields.budget c!=city")
    person = make.lead()
    verbs.assign(person.pk, made)
    journey, client = make.journey(person), visit.boss()

    body = client.get(page(journey)).content.decode()
    assert "Same as the contact field “Style”" in body
    assert '<option value="oak">Oak</option>' in body
    assert act(client, journey, "complete", "T1.c").status_code == 422
    act(client, journey, "complete", "T1.a", value="oak")
    act(client, journey, "complete", "T1.b", value="9200")

    person.refresh_from_db()
    assert person.custom_fields == {"style": "oak", "budget": {"amount": "9200.00", "currency": "EUR"}}
    assert "a: Oak" in visit.text(client, page(journey))
    assert "b: 9200.00 EUR" in visit.text(client, page(journey))


def test_calls_that_reach_nobody_are_noted_and_the_step_stays_open() -> None:
    made = make.a_map("T1 std a!")
    Step.objects.update(control="call")
    person = make.lead()
    verbs.assign(person.pk, made)
    journey, client = make.journey(person), visit.boss()

    assert said(act(client, journey, "attempt", "T1.a", value="mailbox")) == "1 attempt noted."

    assert "1 attempt:" in visit.text(client, page(journey))
    assert "mailbox" in visit.text(client, page(journey))
    assert make.at(journey, "T1.a").status == "open"
    act(client, journey, "complete", "T1.a")
    assert act(client, journey, "attempt", "T1.a").status_code == 409


def test_a_lead_is_closed_with_a_reason_and_opened_again() -> None:
    journey, client = make.assigned("T1 std a!"), visit.boss()

    act(client, journey, "close", status="lost", reason="Too dear")

    journey.refresh_from_db()
    assert (journey.status, journey.outcome, journey.reason) == ("closed", "lost", "Too dear")
    assert "Closed as lost today. Too dear" in visit.text(client, page(journey))
    assert act(client, journey, "complete", "T1.a").status_code == 409
    act(client, journey, "reopen")
    journey.refresh_from_db()
    assert journey.status == "open"


def test_the_map_is_changed_and_nothing_of_the_old_one_goes_on() -> None:
    journey, other, client = make.assigned("T1 std a!"), make.a_map("X std y!", name="N"), visit.boss()

    answer = act(client, journey, "move", map=other.pk)

    now = Journey.objects.get(is_current=True)
    assert answer.redirect_chain[-1][0] == page(now)
    assert said(answer) == "The lead is in “N” now."
    assert act(client, journey, "complete", "T1.a").status_code == 409
    assert act(client, journey, "advance").status_code == 409
    assert "The lead left this map on" in visit.text(client, page(journey))


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("advance", {}, 409), ("fly", {}, 409), ("complete", {}, 409), ("close", {"status": "open"}, 422),
        ("move", {"map": "x"}, 409), ("reopen", {}, 409), ("complete", {"step": "999999"}, 409),
    ],
)  # fmt: skip
def test_what_is_not_possible_is_refused_with_nothing_changed(name: str, data: Any, status: int) -> None:
    journey = make.assigned("T1 std a!")
    events = Event.objects.count()

    answer = visit.boss().post(f"{LIST}{journey.pk}/act/", {"act": name, **data})

    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert Event.objects.count() == events


def test_the_step_of_another_journey_is_no_step_of_this_one() -> None:
    mine = make.assigned("T1 std a!")
    other = make.lead(email="b@example.org")
    verbs.assign(other.pk, mine.map)
    foreign = JourneyStep.objects.get(journey__contact=other)

    answer = visit.boss().post(f"{LIST}{mine.pk}/act/", {"act": "complete", "step": foreign.pk, "value": "x"})

    assert answer.status_code == 409
    foreign.refresh_from_db()
    assert foreign.status == "open"


def test_who_may_look_does_not_act() -> None:
    journey = make.assigned("T1 std a!")
    looker = visit.staff("view_journey")

    body = looker.get(page(journey)).content.decode()

    assert f"{LIST}{journey.pk}/act/" not in body
    assert "/j/" not in body
    assert act(looker, journey, "complete", "T1.a").status_code == 403
    assert visit.staff("view_contact", name="other").get(page(journey)).status_code == 403
    assert visit.staff(*MAY, name="agent").get(f"{LIST}{journey.pk}/act/").status_code == 405


def test_the_list_shows_who_stands_where_and_is_narrowed() -> None:
    client = visit.boss()
    anna = make.assigned("T1 std a!", "T2 std b!", first_name="Anna")
    bert = make.lead(first_name="Bert", email="bert@example.org")
    verbs.assign(bert.pk, anna.map)
    verbs.complete(bert.pk, make.step("T1.a"), "x")
    carl = make.lead(first_name="Carl", email="carl@example.org")
    verbs.assign(carl.pk, anna.map)
    verbs.close(carl.pk, "won")

    def names(query: str) -> list[str]:
        rows = client.get(f"{LIST}{query}").context["cl"].result_list
        return sorted(row.contact.first_name for row in rows)

    assert names("") == ["Anna", "Bert"]
    assert names(f"?map={anna.map_id}&track={make.track('T2').pk}") == ["Bert"]
    assert names("?state=won") == ["Carl"]
    assert names("?state=all") == ["Anna", "Bert", "Carl"]
    assert names("?state=ready") == []
    verbs.complete(bert.pk, make.step("T2.b"), "x")
    assert names("?state=ready") == ["Bert"]
    Contact.objects.filter(pk=bert.pk).update(owner=int(client.session["_auth_user_id"]))
    assert names("?agent=me") == ["Bert"]
    assert names("?map=x&track=y&agent=z") == ["Anna", "Bert"]
    assert "Ready to close" in visit.text(client, LIST)


def test_the_pages_ask_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    client = visit.boss()
    journey = make.assigned("T1 std " + " ".join(f"s{n}!" for n in range(30)), "T2 std z!")
    for n in range(20):
        person = make.lead(email=f"p{n}@example.org")
        verbs.assign(person.pk, journey.map)
    client.get(LIST), client.get(page(journey))

    with django_assert_max_num_queries(24):
        client.get(LIST)
    with django_assert_max_num_queries(40):
        client.get(page(journey))


def test_the_contact_page_tells_where_the_lead_stands_and_puts_it_into_a_map() -> None:
    client, person, made = visit.boss(), make.lead(), make.a_map("T1 std a!")
    address = f"/admin/contacts/contact/{person.pk}/change/"
    assert "Put into a map…" in visit.text(client, address)

    answer = client.post(f"{LIST}put/{person.pk}/", {"map": made.pk}, follow=True)

    journey = make.journey(person)
    assert answer.redirect_chain[-1][0] == page(journey)
    assert "T1 is open, the last track." in visit.text(client, address)
    assert visit.pressed(client, f"{LIST}put/{person.pk}/", map="") == "Choose a map."
    assert visit.staff("view_journey").post(f"{LIST}put/{person.pk}/", {"map": made.pk}).status_code == 403
    assert client.get(f"{LIST}put/{person.pk}/").status_code == 405


def test_what_comes_by_itself_is_told_with_what_would_stop_it() -> None:
    made = make.a_map("T1 std a! b!", "T2 std c!")
    make.attached("track.closed", make.action("t", "task.create", title="Write the offer"), name="Offer",
                  track=make.track("T1").pk)  # fmt: skip
    make.attached("journey.timer", make.action("t", "task.create", title="Call again"), name="Nudge", anchor="map.opened",
                  map=made.pk, delay=2, unless=[{"event": "step.closed", "step": make.step("T1.a").pk}])  # fmt: skip
    person = make.lead()
    verbs.assign(person.pk, made)
    journey = make.journey(person)

    client = visit.boss()
    told = visit.text(client, page(journey))

    assert "Call again" in told
    assert "unless “a” is done" in told
    assert "“Write the offer” When “T1” closes" in told
    verbs.complete(person.pk, make.step("T1.a"), "x", now=timezone.now())
    assert "Call again" not in visit.text(client, page(journey))


def test_the_page_itself_takes_no_form() -> None:
    journey = make.assigned("T1 std a!")

    visit.boss().post(page(journey), {"status": "closed", "outcome": "won"})

    journey.refresh_from_db()
    assert (journey.status, journey.outcome) == ("open", "")


def test_a_new_link_is_made_by_those_who_may_change_the_journey() -> None:
    journey = make.assigned("T1 std a!")
    before = links.token(journey)

    assert visit.staff("view_journey").post(f"{LIST}{journey.pk}/new-link/").status_code == 403
    client = visit.boss()
    assert client.get(f"{LIST}{journey.pk}/new-link/").status_code == 405
    answer = client.post(f"{LIST}{journey.pk}/new-link/", follow=True)

    assert "Links sent before do not work any more." in said(answer)
    assert "made a new link to the lead's page" in visit.words(answer.content.decode())
    with pytest.raises(links.Replaced):
        links.journey_of(before)
