"""contact.update: several fields at once, set or cleared, fixed or computed."""

from typing import Any

import pytest

from contacts.models import Contact
from contacts.tests import make
from contacts.tests.actions import play
from triggers.matching import match

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("size")]


@pytest.fixture
def size() -> None:
    make.field("size", "number", label="Shoe size")


def test_fields_are_set_and_cleared_and_old_and_new_are_told() -> None:
    make.user("ana")
    mia = make.contact(city="Bonn", company="Berg AG", custom_fields={"size": 40})

    done = play.perform(
        "contact.update", mia, "Berlin",
        values={"city": "{{ event.body }}", "owner": "ana", "custom_fields.size": 41}, clear=["company"],
    )  # fmt: skip

    mia.refresh_from_db()
    assert (mia.city, mia.company, mia.custom_fields, str(mia.owner)) == ("Berlin", "", {"size": 41}, "ana")
    assert done.summary == "Changed: city, owner, company, Shoe size."
    assert done.result == {
        "changes": {
            "city": {"old": "Bonn", "new": "Berlin"},
            "owner": {"old": None, "new": "ana"},
            "custom_fields.size": {"old": 40, "new": 41},
            "company": {"old": "Berg AG", "new": ""},
        }
    }
    [event] = make.events("contact.changed")
    assert event.cause == done.key


def test_what_is_so_already_is_neither_written_nor_told() -> None:
    mia = make.contact(city="Bonn")

    done = play.perform("contact.update", mia, values={"city": "Bonn"}, clear=["company"])

    assert (done.status, done.summary, done.result) == ("done", "Everything was so already.", {"changes": {}})
    assert make.events("contact.changed") == []


def test_a_computed_value_that_is_empty_leaves_the_field_as_it_is() -> None:
    mia = make.contact(city="Bonn")

    play.perform("contact.update", mia, values={"city": "{{ contact.website }}", "company": "{{ vars.x }} AG"})

    mia.refresh_from_db()
    assert (mia.city, mia.company) == ("Bonn", "AG")


def test_a_value_that_the_field_refuses_fails_with_its_reason() -> None:
    mia = make.contact()

    done = play.perform("contact.update", mia, "soon", values={"birth_date": "{{ event.body }}", "city": "Berlin"})

    mia.refresh_from_db()
    assert done.status == "failed"
    assert done.error == "birth date: Enter a date such as 1990-05-17, or 05-17 without the year."
    assert mia.city == ""


def test_a_contact_deleted_meanwhile_fails_the_run_in_words() -> None:
    mia = make.contact()
    workflow = play.live("contact.update", values={"city": "Berlin"})
    make.note(mia)
    match.match_due(now=play.NOW)
    Contact.objects.filter(pk=mia.pk).delete()

    done = play.drained(workflow)

    assert (done.status, done.error) == ("failed", "The contact of this run was deleted.")


def test_a_run_without_contact_fails_in_words() -> None:
    done = play.perform("contact.update", None, values={"city": "Berlin"})

    assert (done.status, done.error) == (
        "failed",
        "This run has no contact. Find or create one earlier in the workflow.",
    )


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"values": {"city": "{{ event.body }}", "score": 5}, "clear": ["company"]},
         "Sets city to “Berlin”; sets engagement score to 5; clears company."),
        ({"values": {"city": "{{ contact.website }}"}}, "Changes nothing: every computed value is empty."),
    ],
)  # fmt: skip
def test_preview(config: dict[str, Any], said: str) -> None:
    assert play.preview("contact.update", None, "Berlin", **config) == said


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        ({"values": {"city": "{{ event.body }}"}, "clear": ["company", "custom_fields.size", "owner"]}, []),
        ({}, [("", "Name at least one field to set or to clear.")]),
        ({"values": {"cty": "Bonn"}}, [(".values.cty", "A contact has no field “cty”. Is it “city”?")]),
        ({"values": {"owner": "zoe"}}, [(".values.owner", "There is no user “zoe”.")]),
        ({"clear": ["cmpany"]}, [(".clear[0]", "A contact has no field “cmpany”. Is it “company”?")]),
        ({"clear": ["custom_fields.sise"]}, [(".clear[0]", "There is no custom field “sise”. Is it “size”?")]),
        ({"clear": ["lead_status"]}, [(".clear[0]", "This field always has a value; set it to another one.")]),
        ({"values": {"city": "Bonn"}, "clear": ["city"]},
         [(".clear[0]", "This field is set above; either set or clear it.")]),
    ],
)  # fmt: skip
def test_problems(config: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert play.problems("contact.update", **config) == problems
