"""contact.create: creates or finds, and the run goes on with that contact."""

from typing import Any

import pytest

from contacts.models import Contact
from contacts.tests import make
from contacts.tests.actions import play
from triggers.action_types import Done, Fail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("size")]
VALUES = {
    "email": "{{ event.title }}",
    "first_name": "Mia",
    "company": "{{ contact.website }}",
    "custom_fields.size": 40,
}


@pytest.fixture
def size() -> None:
    make.field("size", "number")


def test_a_run_without_contact_makes_one_and_goes_on_with_it() -> None:
    done = play.perform("contact.create", None, "mia@example.org", values=VALUES, tags=["Webhook", "{{ event.title }}"])

    mia = Contact.objects.get()
    assert (done.status, done.outcome, done.result) == ("done", "created", {"contact_id": mia.pk})
    assert (done.summary, done.run.contact_id) == ("Created Mia.", mia.pk)
    assert (mia.email, mia.first_name, mia.company, mia.custom_fields) == ("mia@example.org", "Mia", "", {"size": 40})
    assert make.tags_of(mia) == {"Webhook", "mia@example.org"}
    [event] = make.events("contact.created")
    assert (event.actor, event.cause) == ("workflow", done.key)


def test_a_contact_that_is_there_is_found_and_left_as_it_is() -> None:
    mia = make.contact(email="MIA@example.org", first_name="Maria")

    done = play.perform("contact.create", None, "mia@example.org", values=VALUES, tags=["Webhook"])

    mia.refresh_from_db()
    assert (done.outcome, done.summary, done.run.contact_id) == ("found", "Found Maria.", mia.pk)
    assert (mia.first_name, make.tags_of(mia)) == ("Maria", {"Webhook"})
    assert Contact.objects.count() == 1
    assert make.events("contact.changed") == []


def test_a_contact_that_is_found_is_updated_if_asked() -> None:
    mia = make.contact(first_name="Maria", company="Berg AG")

    done = play.perform("contact.create", None, "mia@example.org", values=VALUES, update_found=True)

    mia.refresh_from_db()
    assert (done.outcome, mia.first_name, mia.company) == ("found", "Mia", "Berg AG")


@pytest.mark.parametrize(
    ("match", "outcome"),
    [([], "found"), (["external_id"], "found"), (["email"], "created"), (["external_id", "email"], "created")],
)
def test_it_goes_by_the_surest_field_or_by_all_those_named(match: list[str], outcome: str) -> None:
    make.contact(external_id="c-7", email="old@example.org")
    values = {"external_id": "c-7", "email": "mia@example.org"}

    assert play.perform("contact.create", None, values=values, match=match).outcome == outcome


@pytest.mark.parametrize(
    ("values", "tags", "why"),
    [
        ({"email": "{{ event.title }}"}, [], "e-mail: Enter a valid email address."),
        ({"company": "{{ contact.website }}"}, [],
         "Give a name, a company, an e-mail, a phone number or an external id."),
        ({"first_name": "Mia"}, ["x" * 81], f"tags: The tag “{'x' * 80}…” is too long."),
    ],
)  # fmt: skip
def test_what_is_refused_fails_and_leaves_nothing_behind(values: dict[str, str], tags: list[str], why: str) -> None:
    done = play.perform("contact.create", None, values=values, tags=tags)

    assert (done.status, done.error) == ("failed", why)
    assert not Contact.objects.exists()


def test_a_dry_run_tells_which_way_it_would_go_and_with_whom() -> None:
    mia = make.contact()
    values = {"email": "{{ event.body }}", "first_name": "Mia"}

    found = play.simulate("contact.create", None, "mia@example.org", values=values)
    created = play.simulate("contact.create", None, "ben@example.org", values=values)
    refused = play.simulate("contact.create", None, "ben", values=values)

    assert found == (Done("Finds Mia.", {"contact_id": mia.pk}, "found"), mia.pk)
    assert created == (Done("Creates a contact.", outcome="created"), None)
    assert refused == (Fail("e-mail: Enter a valid email address."), None)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"email": "a@example.org"}, "Creates a contact, or finds the one with the same e-mail."),
        ({"first_name": "Mia"}, "Creates a contact."),
    ],
)
def test_preview(values: dict[str, str], said: str) -> None:
    assert play.preview("contact.create", None, values=values) == said


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        ({"values": {"first_name": "Mia", "custom_fields.size": "42"}}, []),
        ({"values": {"first_name": "Mia", "custom_fields.size": "M"}},
         [(".values.custom_fields.size", "Enter a number such as 1234.5, without separators.")]),
        ({"values": {"first_name": "Mia", "custom_fields": {"sise": "{{ event.body }}"}}},
         [(".values.custom_fields.sise", "There is no custom field “sise”. Is it “size”?")]),
        ({"values": {"email": "mia"}}, [(".values.email", "Enter a valid email address.")]),
        ({"values": {"mail": "{{ event.body }}"}},
         [(".values.mail", "A contact has no field “mail”. Is it “email”?")]),
        ({"values": {"first_name": "Mia"}, "match": ["email"]},
         [(".match[0]", "Give a value for it above, or find contacts by something else.")]),
        ({}, [(".values", "This is required.")]),
    ],
)  # fmt: skip
def test_problems(config: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert play.problems("contact.create", **config) == problems
