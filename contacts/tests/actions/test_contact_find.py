"""contact.find: by everything given, found or not."""

from typing import Any

import pytest

from contacts.tests import make
from contacts.tests.actions import play
from triggers import services, sweeping
from triggers.action_types import Done
from triggers.models import Run

pytestmark = pytest.mark.django_db


def test_a_run_without_contact_goes_on_with_the_one_it_finds() -> None:
    mia = make.contact()

    done = play.perform("contact.find", None, "MIA@example.org", email="{{ event.title }}")

    assert (done.status, done.outcome, done.result) == ("done", "found", {"contact_id": mia.pk})
    assert done.summary == "Found Mia."
    assert done.run.contact_id == mia.pk


def test_a_run_goes_on_with_another_contact() -> None:
    mia, ben = make.contact(), make.contact(first_name="Ben", email="ben@example.org")

    done = play.perform("contact.find", mia, email="ben@example.org")

    assert done.run.contact_id == ben.pk


@pytest.mark.parametrize(
    ("config", "summary"),
    [
        ({"email": "ben@example.org"}, "No contact has this e-mail."),
        ({"email": "mia@example.org", "external_id": "c-8"}, "No contact has this external id, e-mail."),
        ({"email": "{{ contact.website }}"}, "Nothing to find the contact by: all of it is empty."),
        ({"email": "{{ event.body }}"}, "Not found. e-mail: Enter a valid email address."),
        ({"phone": "030 123456", "country": "US"}, "Not found. phone: The phone number has too few digits."),
        ({"phone": "030 999999", "country": "DE"}, "No contact has this phone."),
    ],
)
def test_not_found_says_why(config: dict[str, Any], summary: str) -> None:
    mia = make.contact(phone="+4930123456")

    outcome, contact_id = play.simulate("contact.find", mia, **config)

    assert outcome == Done(summary, outcome="not_found")
    assert contact_id == mia.pk


def test_a_phone_is_read_as_of_the_country_and_empty_fields_do_not_count() -> None:
    mia = make.contact(phone="+4930123456")

    outcome, contact_id = play.simulate(
        "contact.find", None, phone="030 123456", country="DE", email="{{ contact.website }}"
    )

    assert outcome == Done("Found Mia.", {"contact_id": mia.pk}, "found")
    assert contact_id == mia.pk


def test_each_outcome_leads_its_own_way() -> None:
    tags = {
        outcome: [{"uid": outcome, "action": "note.create", "config": {"body": outcome}}]
        for outcome in ("found", "not_found")
    }
    find = {"uid": "f", "action": "contact.find", "config": {"email": "{{ event.title }}"}, "outcomes": tags}
    workflow = services.create("Find", {"triggers": [{"uid": "t", "event": "task.added"}], "actions": [find]})
    services.publish(workflow)
    mia = make.contact()

    make.task(None, "mia@example.org")
    sweeping.drain()
    make.task(None, "ben@example.org")
    sweeping.drain()

    first, second = Run.objects.order_by("pk")
    assert [done.uid for done in first.actions.all()] == ["f", "found"]
    assert [note.body for note in mia.notes.all()] == ["found"]
    assert [(done.uid, done.status) for done in second.actions.all()] == [("f", "done"), ("not_found", "failed")]
    assert second.reason == "This run has no contact. Find or create one earlier in the workflow."


def test_preview() -> None:
    assert play.preview("contact.find", None, email="a", external_id="b") == "Finds the contact by external id, e-mail."


def test_something_to_find_by_must_be_given() -> None:
    said = "Say what to find the contact by: external id, e-mail or phone."

    assert play.problems("contact.find", country="DE") == [("", said)]
    assert play.problems("contact.find", email="{{ event.body }}") == []
