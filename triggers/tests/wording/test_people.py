"""Names for numbers, for many rows at once."""

import pytest

from triggers.models import Event
from triggers.tests import make
from triggers.wording import people

pytestmark = pytest.mark.django_db


def test_contacts_are_called_by_name_else_by_address_else_by_number(django_assert_max_num_queries) -> None:
    named, mailed = make.contact(first_name="Anna", last_name="Schmidt"), make.contact(first_name="")
    unknown = mailed.pk + 1000

    with django_assert_max_num_queries(4):
        names = people.contact_names([named.pk, mailed.pk, unknown, None])

    assert names == {named.pk: "Anna Schmidt", mailed.pk: "anna@example.org", unknown: f"Contact {unknown}"}


def test_nobody_has_no_name_and_no_page() -> None:
    assert (people.contact_name(None), people.contact_url(None)) == ("", "")


def test_a_record_without_a_page_has_no_address() -> None:
    assert people.admin_url("triggers.Heartbeat", 1) == ""
    assert people.admin_url("contacts.Contact", 7) == "/admin/contacts/contact/7/change/"


def test_actors_are_named_for_all_events_at_once(django_assert_max_num_queries) -> None:
    clara = make.user("clara", first_name="Clara", last_name="Vogt")
    flow = make.workflow(name="Welcome")
    rows = [
        Event(pk=1, actor="user", actor_id=str(clara.pk)), Event(pk=2, actor="workflow", actor_id=str(flow.pk)),
        Event(pk=3, actor="provider", actor_id="1", origin="webhook Website"), Event(pk=4, actor="clock"),
        Event(pk=5, actor="user", actor_id="999999"),
    ]  # fmt: skip

    with django_assert_max_num_queries(2):
        names = people.actor_names(rows)

    assert names == {
        1: "Clara Vogt", 2: "the workflow “Welcome”", 3: "webhook Website", 4: "Clock", 5: "Staff",
    }  # fmt: skip


def test_contacts_are_found_by_every_word_of_name_company_or_address() -> None:
    anna = make.contact(first_name="Anna", last_name="Schmidt", email="a@example.org", company="Oak")
    make.contact(first_name="Anna", last_name="Weber", email="w@example.org")

    assert people.matching_contacts("anna SCHMI") == [anna.pk]
    assert people.matching_contacts("oak") == [anna.pk]
    assert people.matching_contacts("a@example") == [anna.pk]
    assert people.matching_contacts(str(anna.pk)) == [anna.pk]
    assert people.matching_contacts("nobody") == []
    assert people.matching_contacts("  ") == []
    assert people.matching_contacts("9" * 30) == []


def test_who_made_a_row_is_named_for_all_rows_at_once(django_assert_max_num_queries) -> None:
    clara = make.user("clara", first_name="Clara", last_name="Vogt")
    flow = make.workflow(name="Welcome")
    marks = [f"user:{clara.pk}", f"workflow:{flow.pk}", "api", "user:999999", f"user:{clara.pk}"]

    with django_assert_max_num_queries(2):
        names = people.by_names(marks)

    assert names == {
        f"user:{clara.pk}": "Clara Vogt", f"workflow:{flow.pk}": "the workflow “Welcome”", "api": "API client",
        "user:999999": "Staff",
    }  # fmt: skip
