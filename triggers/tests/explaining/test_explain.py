"""Explain: one sentence for any event and any workflow, with the value that was seen at the moment."""

import pytest

from triggers import services, sweeping
from triggers.context import quiet
from triggers.explaining.explain import explain, explain_contact, explain_event
from triggers.models import Event, Miss
from triggers.tests import make

pytestmark = pytest.mark.django_db

GERMAN = {"field": "contact.country", "op": "is", "value": "DE"}


def test_a_miss_is_explained_with_what_was_seen_then() -> None:
    flow = make.workflow(triggers=[{**make.TAGGED, "conditions": GERMAN}])
    anna = make.contact()
    make.tag(anna)
    sweeping.drain()
    anna.country = "DE"
    anna.save()

    [answer] = explain_contact(flow, anna.pk)

    assert (answer.started, answer.seen) == (False, "then")
    assert answer.sentence == "It did not start: Country was empty, the workflow asks for Germany."


def test_without_a_stored_miss_todays_values_are_judged_and_it_says_so() -> None:
    flow = make.workflow(triggers=[{**make.TAGGED, "conditions": GERMAN}])
    anna = make.contact(country="FR")
    make.tag(anna)
    sweeping.drain()
    Miss.objects.all().delete()

    [answer] = explain_contact(flow, anna.pk)

    assert answer.seen == "now"
    assert "Country was France" in answer.sentence


def test_starts_and_refusals_are_told_from_their_runs() -> None:
    flow = make.workflow(reentry="once_per_contact")
    anna = make.contact()
    make.tag(anna, "one"), make.tag(anna, "two")
    sweeping.drain()

    second, first = explain_contact(flow, anna.pk)

    assert (first.started, first.sentence) == (True, "It started: all its conditions held.")
    assert second.sentence == ("It did not start: It has run for this contact before, and runs once per contact.")


def test_every_listening_workflow_answers_for_an_event() -> None:
    make.workflow(name="A", triggers=[{**make.TAGGED, "conditions": GERMAN}])
    make.workflow(name="B")
    make.tag(make.contact())
    sweeping.drain()

    answers = explain_event(make.last_event("contact.tag_added"))

    assert [(answer.workflow, answer.started) for answer in answers] == [("A", False), ("B", True)]


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        ("quiet", "It did not start: this happened quietly (import 1)."),
        ("unmatched", "It has not been looked at yet."),
        ("paused", "It did not start: the workflow is paused."),
        ("other", "It did not start: “Contact created” is none of the events that start it."),
    ],
)
def test_what_else_stood_in_the_way(prepare: str, sentence: str) -> None:
    flow = make.workflow()
    anna = make.contact()
    if prepare == "quiet":
        with quiet("import 1"):
            make.tag(anna)
    elif prepare == "paused":
        services.pause(flow)
        make.tag(anna)
        sweeping.drain()
    elif prepare == "unmatched":
        make.tag(anna)
    event = Event.objects.latest("id")

    assert explain(flow, event).sentence == sentence
