"""Leads: each a contact and an event, once; and erased when the network says so."""

from typing import Any

import pytest

from capture import lead_forms
from capture.tests.lead_forms import ANSWERS, NOON, lead
from contacts import services as contacts
from contacts.models import Contact
from contacts.tests import make
from triggers.models import Event

pytestmark = pytest.mark.django_db


def told() -> list[Event]:
    return list(Event.objects.filter(type__startswith="lead_form.").order_by("pk"))


def test_a_lead_becomes_a_contact_and_an_event() -> None:
    taken = lead_forms.submit(lead(form="Quotes", campaign_id="C", adgroup_id="G", ad_id="A"))

    contact, [event] = Contact.objects.get(), told()
    assert taken == lead_forms.Taken(event.pk, contact.pk, [], is_new=True)
    assert (contact.first_name, contact.last_name, contact.email, contact.phone) == (
        "Ada", "Lovelace", "ada@example.org", "+493012345678",
    )  # fmt: skip
    assert (event.type, event.contact_id, event.occurred_at) == ("lead_form.facebook_submitted", contact.pk, NOON)
    assert event.data == {
        "contact_id": contact.pk, "lead_id": "44", "form_id": "F1", "form": "Quotes", "page_id": "P1",
        "campaign_id": "C", "adgroup_id": "G", "ad_id": "A", "answers": ANSWERS, "submitted_at": "2026-11-20T12:00:00Z",
        "is_test": False, "is_new_contact": True, "problems": [],
    }  # fmt: skip


def test_told_again_a_lead_changes_nothing() -> None:
    first = lead_forms.submit(lead())
    contacts.update(Contact.objects.get(), {"first_name": "Augusta"})

    again = lead_forms.submit(lead(answers={**ANSWERS, "full_name": "Eve"}))

    assert again == lead_forms.Taken(first.event_id, first.contact_id, [], is_new=False)
    assert (Contact.objects.get().first_name, len(told())) == ("Augusta", 1)


def test_one_id_at_two_networks_is_two_leads() -> None:
    lead_forms.submit(lead("facebook"))
    lead_forms.submit(lead("instagram"))

    assert [event.type for event in told()] == ["lead_form.facebook_submitted", "lead_form.instagram_submitted"]
    assert Contact.objects.count() == 1


def test_taken_at_the_same_moment_by_another_it_leaves_no_second_contact(monkeypatch) -> None:
    """Both looked before either had told of it."""
    first = lead_forms.submit(lead())
    known = Event.objects.filter(dedup_key="lead:facebook:44")
    monkeypatch.setattr(lead_forms.Event.objects, "filter", lambda **_named: known.none())

    again = lead_forms.submit(lead(answers={"full_name": "Eve", "email": "eve@example.org"}))

    assert (again.event_id, again.is_new, Contact.objects.count()) == (first.event_id, False, 1)


def test_a_contact_that_is_known_is_found_and_updated() -> None:
    known = make.contact(email="ada@example.org", first_name="A.")

    taken = lead_forms.submit(lead())

    known.refresh_from_db()
    assert (taken.contact_id, known.first_name, told()[0].data["is_new_contact"]) == (known.pk, "Ada", False)


def test_the_connections_mapping_goes_before_the_usual_names() -> None:
    make.field("budget")
    mapping = {"custom.budget": "answers.budget", "email": "answers.work", "source": "lead.form_id"}

    lead_forms.submit(lead(answers={**ANSWERS, "work": "work@example.org"}, mapping=mapping))

    contact = Contact.objects.get()
    assert (contact.email, contact.custom_fields, contact.source) == ("work@example.org", {"budget": "100"}, "F1")


def test_what_a_contact_cannot_take_is_told_and_the_lead_not_lost() -> None:
    taken = lead_forms.submit(lead(answers={**ANSWERS, "phone_number": "ask me", "country": "Atlantis"}))

    event = told()[0]
    assert taken.problems == event.data["problems"]
    assert [problem.partition(":")[0] for problem in taken.problems] == ["country", "phone"]
    assert event.data["answers"]["phone_number"] == "ask me"
    assert Contact.objects.get().email == "ada@example.org"


@pytest.mark.parametrize("answers", [{}, {"budget": "100"}, {"email": "no address"}])
def test_a_lead_that_says_nothing_of_who_it_is_is_told_without_a_contact(answers: Any) -> None:
    taken = lead_forms.submit(lead(answers=answers))

    assert (taken.contact_id, told()[0].contact_id, Contact.objects.count()) == (None, None, 0)
    assert taken.problems


@pytest.mark.parametrize(
    ("question", "field"),
    [("E-mail", ""), ("Email Address", "email"), ("Work email", "email"), ("Phone number", "phone"), ("ZIP", "postal_code"),
     ("Full name", "name"), ("Date of birth", "birth_date"), ("Company name", "company"), ("[what?]", "")],
)  # fmt: skip
def test_usual_questions_need_no_mapping(question: str, field: str) -> None:
    assert lead_forms.standard_mapping({question: "x"}) == ({field: f"answers.{question}"} if field else {})


def test_a_deleted_lead_is_erased_with_the_contact_it_made() -> None:
    taken = lead_forms.submit(lead("linkedin"))

    assert lead_forms.erase("linkedin", "44") == taken.event_id

    contact = Contact.objects.get()
    assert (told()[0].data, contact.email, contact.first_name) == ({}, "", "")


def test_a_contact_that_was_there_before_the_lead_stays() -> None:
    make.contact(email="ada@example.org", first_name="Ada")
    lead_forms.submit(lead("linkedin"))

    lead_forms.erase("linkedin", "44")

    assert (told()[0].data, Contact.objects.get().email) == ({}, "ada@example.org")


def test_nothing_is_erased_for_a_lead_nobody_knows() -> None:
    lead_forms.submit(lead("linkedin"))

    assert lead_forms.erase("linkedin", "45") is None
    assert lead_forms.erase("facebook", "44") is None
    assert Contact.objects.get().email == "ada@example.org"


def test_an_erased_lead_that_is_told_once_more_stays_erased() -> None:
    lead_forms.submit(lead("linkedin"))
    lead_forms.erase("linkedin", "44")

    assert lead_forms.submit(lead("linkedin")).is_new is False
    assert told()[0].data == {}
