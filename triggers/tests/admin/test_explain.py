"""The explain page: what is asked, the answer in a sentence, and the tree behind it."""

import pytest

from contacts import services as contacts
from contacts.models import Contact
from triggers import services, sweeping
from triggers.models import Miss, Run, Workflow
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
PAGE = "/admin/triggers/explain/"
VIP_IN_GERMANY = [{
    "uid": "t1", "event": "contact.tag_added", "config": {"tags": ["VIP"]},
    "conditions": {"all": [{"field": "contact.country", "op": "is", "value": "DE"}]},
}]  # fmt: skip


def missed() -> tuple[int, Contact]:
    """A workflow, and a contact for whom it did not start."""
    flow = make.workflow(name="VIP welcome", triggers=VIP_IN_GERMANY)
    anna = make.contact(first_name="Anna", last_name="Schmidt")
    make.tag(anna, "VIP")
    sweeping.drain()
    return flow.pk, anna


def test_it_needs_workflows_and_events_to_be_visible() -> None:
    assert visit.staff("view_workflow").get(PAGE).status_code == 403
    assert visit.staff("view_workflow", "view_event", name="both").get(PAGE).status_code == 200


def test_it_asks_for_what_is_missing() -> None:
    flow, _anna = missed()
    boss = visit.boss()

    assert "Choose a workflow and a contact" in visit.text(boss, PAGE)
    assert "Choose a workflow and a contact" in visit.text(boss, f"{PAGE}?workflow={flow}")
    assert "Choose a workflow and a contact" in visit.text(boss, f"{PAGE}?workflow=x&contact=y&event=z")
    assert "Nobody found" in visit.text(boss, f"{PAGE}?workflow={flow}&who=Zacharias")
    ben = make.contact(first_name="Ben")
    assert "Nothing has happened that could start it" in visit.text(boss, f"{PAGE}?workflow={flow}&contact={ben.pk}")


def test_several_contacts_of_a_name_are_offered_and_one_is_taken() -> None:
    flow, _anna = missed()
    make.contact(first_name="Anna", last_name="Weber")
    boss = visit.boss()

    assert "Which one? Anna Schmidt Anna Weber" in visit.text(boss, f"{PAGE}?workflow={flow}&who=anna")
    assert "Because country was empty" in visit.text(boss, f"{PAGE}?workflow={flow}&who=schmidt")


def test_a_name_typed_over_the_chosen_contact_wins() -> None:
    flow, anna = missed()
    make.contact(first_name="Ben", last_name="Weber")

    said = visit.text(visit.boss(), f"{PAGE}?workflow={flow}&contact={anna.pk}&who=ben")

    assert "Nothing has happened that could start it" in said


def test_it_answers_with_what_was_seen_then_and_what_is_now() -> None:
    flow, anna = missed()
    contacts.update(Contact.objects.get(pk=anna.pk), {"country": "DE"})

    answer = visit.boss().get(f"{PAGE}?workflow={flow}&contact={anna.pk}")

    said = visit.words(answer.content.decode())
    assert answer.context["headline"] == (
        "Because country was empty when “Tag added” happened, and the workflow asks: country is Germany."
    )
    assert "Why did “VIP welcome” not start for Anna Schmidt?" in said
    assert "Not true: All of these are true" in said
    assert "True: Tag is VIP Seen: VIP" in said
    assert "Not true: Country is Germany Seen: empty   Now: Germany" in said.replace("&nbsp;", " ")


def test_the_limits_stand_below_the_conditions() -> None:
    flow, anna = missed()

    said = visit.text(visit.boss(), f"{PAGE}?workflow={flow}&contact={anna.pk}")

    assert "Limits not reached Not reached: Every time Last run: never" in said


def test_a_run_that_started_is_linked() -> None:
    flow = make.workflow(name="VIP welcome", triggers=VIP_IN_GERMANY)
    anna = make.contact(country="DE")
    make.tag(anna, "VIP")
    sweeping.drain()
    run = Run.objects.get()

    answer = visit.boss().get(f"{PAGE}?workflow={flow.pk}&contact={anna.pk}")

    assert answer.context["headline"] == "It started: all its conditions held."
    assert f"Open run {run.pk}" in visit.words(answer.content.decode())


def test_the_same_event_in_other_workflows() -> None:
    flow, anna = missed()
    make.workflow(name="Everybody")
    make.tag(anna, "Fair")
    event = make.last_event("contact.tag_added")
    sweeping.drain()

    said = visit.text(visit.boss(), f"{PAGE}?workflow={flow}&event={event.pk}")

    assert "Same event, other workflows Everybody It started: all its conditions held. Started" in said


def test_what_no_condition_decided_is_told_as_it_is() -> None:
    flow, anna = missed()
    workflow = Workflow.objects.get(pk=flow)
    services.pause(workflow)
    make.tag(anna, "Another")
    event = make.last_event("contact.tag_added")
    sweeping.drain()

    answer = visit.boss().get(f"{PAGE}?workflow={flow}&event={event.pk}")

    assert answer.context["headline"] == "It did not start: the workflow is paused."
    assert "No conditions were judged." in visit.words(answer.content.decode())


def test_where_the_moment_was_not_kept_the_answer_says_that_it_sees_today() -> None:
    flow, anna = missed()
    Miss.objects.all().delete()

    answer = visit.boss().get(f"{PAGE}?workflow={flow}&contact={anna.pk}")

    assert answer.context["headline"] == (
        "It did not start; what it saw then was not kept. By now country is empty, and the workflow asks: country is Germany."
    )
    assert "With the values of today" in visit.words(answer.content.decode())


def test_it_asks_a_bounded_number_of_questions(django_assert_max_num_queries) -> None:
    flow, anna = missed()
    boss = visit.boss()

    with django_assert_max_num_queries(50):
        assert boss.get(f"{PAGE}?workflow={flow}&contact={anna.pk}").status_code == 200


def test_it_tells_what_would_have_happened_and_starts_it_on_purpose() -> None:
    number, anna = missed()
    address, boss = f"{PAGE}?workflow={number}&contact={anna.pk}", visit.boss()
    press = f"/admin/triggers/workflow/{number}/do/start-for/"

    said = visit.text(boss, address)
    told = visit.pressed(boss, press, contact=anna.pk)

    assert "What would have happened" in said
    assert "Start it for Anna Schmidt now…" in said
    assert told == "Started on purpose; its conditions were not asked."
    assert Run.objects.get().contact_id == anna.pk
    assert visit.pressed(boss, press, contact="x") == "There is no such contact."
    viewer = visit.staff("view_workflow", "view_event")
    assert "Start it for" not in visit.text(viewer, address)
    assert viewer.post(press, {"contact": anna.pk}).status_code == 403
