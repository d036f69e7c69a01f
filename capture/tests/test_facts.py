"""`links.…` in messages: which there are, and for whom each is made."""

from typing import Any

import pytest

from capture import links
from capture.facts import LinkFacts
from capture.models import TriggerLink
from contacts.tests import make as contacts
from triggers.conditions.fields import Kind
from triggers.workflows import checking

pytestmark = pytest.mark.django_db


def test_every_active_link_is_a_text_by_its_key() -> None:
    TriggerLink.objects.create(name="Offer", destination="https://www.example.com")
    TriggerLink.objects.create(name="Old", destination="https://www.example.com", active=False)

    find = LinkFacts().lookup()

    assert find("offer").kind is Kind.TEXT
    assert (find("old"), find("none")) == (None, None)


def test_all_are_loaded_for_all_contacts_in_two_queries(django_assert_num_queries: Any) -> None:
    offer = TriggerLink.objects.create(name="Offer", destination="https://www.example.com")
    people = [contacts.contact(first_name=f"P{n}").pk for n in range(3)]

    with django_assert_num_queries(2):
        found = LinkFacts().load({*people, 0})

    assert found == {pk: {"offer": links.address(offer.pk, pk)} for pk in people}


@pytest.mark.parametrize(("body", "fine"), [("{{ links.offer }}", True), ("{{ links.ofer }}", False)])
@pytest.mark.parametrize("event", ["contact.tag_added", "form.submitted"])
def test_a_text_that_names_a_link_that_is_not_there_is_refused(event: str, body: str, fine: bool) -> None:
    TriggerLink.objects.create(name="Offer", destination="https://www.example.com")
    action = {"uid": "a1", "action": "note.create", "config": {"body": body}}
    trigger = {"uid": "t1", "event": event, "config": {}, "conditions": None}

    problems = checking.check({"triggers": [trigger], "actions": [action], "settings": {}})

    assert [problem.message[:12] for problem in problems] == ([] if fine else ["“links.ofer”"])
