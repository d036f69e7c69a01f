"""Events in the admin: the list, the page with changes and answers, and the replay."""

import pytest
from django.utils import timezone

from contacts import services as contacts
from contacts.models import Contact
from triggers import sweeping
from triggers.context import act_as, quiet
from triggers.models import Event, Run
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
LIST = "/admin/triggers/event/"
GERMAN = [{
    "uid": "t1", "event": "contact.tag_added", "config": {},
    "conditions": {"field": "contact.country", "op": "is", "value": "DE"},
}]  # fmt: skip


def page(event: Event) -> str:
    return f"{LIST}{event.pk}/change/"


def test_who_may_not_see_events_sees_none() -> None:
    make.tag(make.contact())
    event = make.last_event("contact.tag_added")

    for address in (LIST, page(event)):
        assert visit.staff("view_run", name=address).get(address).status_code == 403


def test_the_list_tells_what_happened_to_whom_and_by_whom() -> None:
    clara = make.user("clara", first_name="Clara", last_name="Vogt")
    with act_as(actor="user", actor_id=str(clara.pk)):
        make.tag(make.contact(first_name="Anna", last_name="Schmidt"), "VIP")

    said = visit.text(visit.staff("view_event"), LIST)

    assert "Tag added VIP Anna Schmidt Clara Vogt" in said
    assert "Not looked at yet" in said


def test_the_list_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    for n in range(30):
        make.tag(make.contact(first_name=f"Contact {n}"), f"tag {n}")
    boss = visit.boss()

    with django_assert_max_num_queries(18):
        assert boss.get(LIST).status_code == 200


def test_filters_by_type_and_actor_and_finds_by_contact() -> None:
    make.tag(make.contact(first_name="Anna"), "VIP")
    client = visit.staff("view_event")

    def types(query: str) -> set[str]:
        return {row.type for row in client.get(f"{LIST}?{query}").context["cl"].result_list}

    assert types("type=contact.tag_added") == {"contact.tag_added"}
    assert types("actor=workflow") == set()
    assert types("q=anna") == {"contact.tag_added", "contact.created"}


def test_the_page_shows_what_changed_from_what_to_what() -> None:
    anna = make.contact(first_name="Anna", last_name="Schmidt")
    contacts.update(Contact.objects.get(pk=anna.pk), {"country": "DE"})

    said = visit.text(visit.staff("view_event"), page(make.last_event("contact.changed")))

    assert "Contact changed" in said
    assert "for Anna Schmidt" in said
    assert "Country empty DE" in said


def test_the_page_shows_every_workflows_answer() -> None:
    make.workflow(name="Starts")
    make.workflow(name="Asks for Germany", triggers=GERMAN)
    make.tag(make.contact(country="FR"))
    sweeping.drain()

    said = visit.text(visit.boss(), page(make.last_event("contact.tag_added")))

    assert "Asks for Germany Country was France, the workflow asks for Germany. Did not start" in said
    run = Run.objects.get(workflow__name="Starts")
    assert f"Starts It started: all its conditions held. Run {run.pk} Started" in said


def test_the_page_names_the_run_that_caused_it_and_folds_the_payload() -> None:
    make.workflow(make.action("n", "note.create", body="Look after her"))
    make.tag(make.contact())
    sweeping.drain()
    run = Run.objects.get()

    page_of_note = visit.boss().get(page(make.last_event("note.added"))).content.decode()

    assert f'Caused by</dt><dd><a href="/admin/triggers/run/{run.pk}/change/">' in page_of_note
    assert "<details" in page_of_note.partition("Payload</summary>")[0][-300:]


def test_quiet_and_failed_events_say_so() -> None:
    with quiet("import 42"):
        make.contact()
    event = Event.objects.get()
    boss = visit.boss()
    assert "Quiet" in visit.text(boss, page(event))

    Event.objects.update(match_error="boom", matched_at=None)

    assert "Matching failed" in visit.text(boss, page(event))
    assert "boom" in visit.text(boss, page(event))


def test_replay_records_the_event_anew() -> None:
    make.tag(make.contact())
    event = make.last_event("contact.tag_added")
    Event.objects.update(matched_at=timezone.now())

    answer = visit.staff("view_event", "replay_event").post(f"{LIST}{event.pk}/do/replay/")

    made = make.last_event("contact.tag_added")
    assert made.pk > event.pk
    assert (answer["Location"], made.data, made.matched_at) == (page(made), event.data, None)


def test_replay_needs_its_permission_and_tells_when_it_cannot() -> None:
    make.tag(make.contact())
    event = make.last_event("contact.tag_added")
    assert visit.staff("view_event").post(f"{LIST}{event.pk}/do/replay/").status_code == 403

    Event.objects.filter(pk=event.pk).update(type="gone.event")

    told = visit.pressed(visit.boss(), f"{LIST}{event.pk}/do/replay/")
    assert told == "Not replayed: There is no event type “gone.event”."
