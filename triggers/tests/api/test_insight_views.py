"""Dry run, explain, test, enrol, backfill and replay over the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from triggers import sweeping
from triggers.explaining import backfill
from triggers.models import Event, Run
from triggers.models.event import Lane
from triggers.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db

GERMAN = {"field": "contact.country", "op": "is", "value": "DE"}


def post(path: str, **body: Any) -> Any:
    return calls.client().post(f"/api/v1/{path}", body, format="json")


def test_a_dry_run_of_an_unsaved_document_tells_and_writes_nothing() -> None:
    flow, anna = make.workflow(), make.contact(country="FR")
    unsaved = make.document(make.action("w", "wait.duration", days=1), triggers=[{**make.TAGGED, "conditions": GERMAN}])
    before = Event.objects.count()

    found = post(f"workflows/{flow.pk}/dry-run/", contact_id=anna.pk, document=unsaved).json()

    assert (found["starts"], [step["uid"] for step in found["steps"]]) == (False, ["w"])
    assert found["triggers"][0]["reason"] == "Country was France, and the workflow asks for: country is Germany."
    assert (Event.objects.count(), Run.objects.count()) == (before, 0)


def test_a_document_with_errors_is_refused_at_its_field() -> None:
    flow, anna = make.workflow(), make.contact()

    answer = post(f"workflows/{flow.pk}/dry-run/", contact_id=anna.pk, document={"triggers": [], "actions": []})

    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} >= {"document.triggers", "document.actions"}


def test_explain_answers_for_a_contact_and_for_an_event() -> None:
    flow = make.workflow(triggers=[{**make.TAGGED, "conditions": GERMAN}])
    anna = make.contact(country="FR")
    make.tag(anna)
    sweeping.drain()
    event = make.last_event("contact.tag_added")

    [of_contact] = post(f"workflows/{flow.pk}/explain/", contact_id=anna.pk).json()
    [of_event] = calls.client().get(f"/api/v1/events/{event.pk}/explain/").json()

    sentence = "It did not start: Country was France, the workflow asks for Germany."
    assert of_contact["sentence"] == of_event["sentence"] == sentence
    assert post(f"workflows/{flow.pk}/explain/").status_code == 400


def test_a_test_runs_the_draft_for_real_and_counts_for_nothing() -> None:
    flow, anna = make.workflow(), make.contact()
    flow.draft = make.document(make.action("a1", "note.create", body="From the draft"))
    flow.save()

    answer = post(f"workflows/{flow.pk}/test/", contact_id=anna.pk)
    sweeping.drain()

    run = Run.objects.get(pk=answer.json()["run_id"])
    assert (answer.status_code, run.mode, run.status) == (202, "test", "done")
    assert [note.body for note in anna.notes.all()] == ["From the draft"]
    flow.refresh_from_db()
    assert flow.current is not None
    assert flow.current.number == 1


def test_enrol_starts_a_run_and_its_guards_hold() -> None:
    flow, anna = make.workflow(reentry="once_per_contact"), make.contact()

    first = post(f"workflows/{flow.pk}/enrol/", contact_id=anna.pk).json()
    second = post(f"workflows/{flow.pk}/enrol/", contact_id=anna.pk).json()
    sweeping.drain()

    assert Run.objects.get(pk=first["run_id"]).status == "done"
    assert (second["status"], second["reason"][:15]) == ("skipped", "It has run for ")


def test_a_backfill_counts_then_starts_its_portions_and_can_be_cancelled() -> None:
    flow = make.workflow()
    for n in range(5):
        make.contact(first_name=str(n), country="DE" if n < 4 else "FR")
    made = post(f"workflows/{flow.pk}/backfill/", over="contacts", conditions=GERMAN, per_minute=2, begin=True).json()
    assert (made["matching"], made["status"], Run.objects.count()) == (4, "running", 0)
    now = timezone.now()

    assert backfill.go_on(now + timedelta(minutes=1)) == 2
    assert backfill.go_on(now + timedelta(minutes=1)) == 0
    post(f"workflows/{flow.pk}/cancel-backfill/")
    assert backfill.go_on(now + timedelta(minutes=9)) == 0
    sweeping.drain(now + timedelta(minutes=9))

    assert {(run.status, run.lane) for run in make.runs(flow)} == {("done", Lane.BULK)}
    [told] = calls.client().get(f"/api/v1/workflows/{flow.pk}/backfills/").json()["results"]
    assert (told["started"], told["status"]) == (2, "cancelled")


def test_a_backfill_over_past_events_starts_none_twice() -> None:
    people = [make.contact(first_name=str(n)) for n in range(3)]
    for person in people:
        make.tag(person)
    flow = make.workflow()
    make.tag(people[0], "live")
    sweeping.drain()

    for _again in range(2):
        post(f"workflows/{flow.pk}/backfill/", over="events", per_minute=600, begin=True)
        backfill.go_on(timezone.now() + timedelta(minutes=1))
    sweeping.drain(timezone.now() + timedelta(minutes=2))

    assert len(make.runs(flow)) == 4
    assert {run.status for run in make.runs(flow)} == {"done"}


def test_a_run_and_an_event_are_replayed_with_new_keys() -> None:
    flow, anna = make.workflow(), make.contact()
    make.tag(anna)
    sweeping.drain()
    [run] = make.runs(flow)

    again = post(f"runs/{run.pk}/replay/").json()["run_id"]
    post(f"events/{run.event_id}/replay/")
    sweeping.drain()

    replayed = Run.objects.get(pk=again)
    assert (replayed.mode, replayed.replay_of, replayed.status) == ("replay", run.pk, "done")
    assert replayed.actions.get().key != run.actions.get().key
    assert len(make.runs(flow)) == 3
    assert make.last_event("contact.tag_added").origin == f"replay of event {run.event_id}"
