"""Events in words: their telling details, their changes, and why they started nothing."""

from typing import Any

import pytest

from contacts import services
from contacts.models import Contact
from triggers.models import Event, Miss
from triggers.tests import make
from triggers.wording import telling

pytestmark = pytest.mark.django_db


def changed(**values: Any) -> Event:
    who = make.contact()
    services.update(Contact.objects.get(pk=who.pk), values)
    return make.last_event("contact.changed")


def test_an_event_is_told_by_its_label_and_its_first_texts() -> None:
    make.tag(make.contact(), "VIP")
    event = make.last_event("contact.tag_added")

    assert (telling.label(event), telling.details(event)) == ("Tag added", "VIP")


def test_long_texts_and_moments_do_not_crowd_the_details() -> None:
    event = Event(
        type="webhook.received", data={"at": "2026-05-04T09:30:00+00:00", "webhook": "W" * 90, "method": "POST"}
    )

    assert telling.details(event) == f"{'W' * 59}…, POST"


def test_a_change_is_told_under_its_label_from_old_to_new() -> None:
    event = changed(country="DE", lead_status="won")

    assert telling.changes(event) == [
        telling.Change("Country", "empty", "DE"),
        telling.Change("Lead status", "Open", "Won"),
    ]
    assert telling.details(event) == "Country: empty → DE, Lead status: Open → Won"


def test_a_reference_is_told_by_its_name_and_one_that_is_gone_by_its_number() -> None:
    clara = make.user("clara", first_name="Clara", last_name="Vogt")
    event = changed(owner=clara)
    assert telling.changes(event) == [telling.Change("Owner", "empty", "Clara Vogt")]

    number = clara.pk
    clara.delete()

    assert telling.changes(event)[0].new == str(number)


def test_the_payload_leaves_out_numbers_of_records_and_what_is_empty() -> None:
    event = Event(type="message.customer_replied", data={
        "contact_id": 1, "channel": "email", "subject_line": "Re: Offer", "body": "", "extra": {"a": 1}, "seen": False,
    })  # fmt: skip

    assert telling.payload(event) == [("Channel", "email"), ("Subject", "Re: Offer"), ("Seen", "no")]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "empty"), ("", "empty"), ([], "empty"), (True, "yes"), (False, "no"), (0, "0"),
        (["a", None], "a, empty"), ({"sms": True}, "sms: yes"), ("2026-05-04T09:30:00Z", "4 May 2026, 09:30"),
        ("2026-05-04", "2026-05-04"), ("plain", "plain"),
    ],
)  # fmt: skip
def test_values_in_words(value: Any, said: str) -> None:
    assert telling.value_in_words(value) == said


def test_why_not_started_uses_the_label_of_the_field() -> None:
    make.tag(make.contact(), "VIP")
    event = make.last_event("contact.tag_added")
    miss = Miss(
        workflow_id=1, event_id=event.pk, field="contact.country", expected="['DE', 'AT']", actual="", reason="x"
    )

    assert telling.why_not_started(miss, event) == "Country was empty, the workflow asks for Germany, Austria."


def test_why_not_started_takes_the_reason_where_no_condition_decided() -> None:
    assert telling.why_not_started(Miss(reason="The contact has been deleted since."), None) == (
        "The contact has been deleted since."
    )


def test_why_not_started_survives_an_event_and_a_list_that_cannot_be_read() -> None:
    miss = Miss(field="contact.country", expected="[broken", actual="ES")

    assert telling.why_not_started(miss, None) == "contact.country was ES, the workflow asks for [broken."


def test_who_did_it_is_told_by_name_or_not_at_all() -> None:
    granted = Event(type="course.offer_access_granted", data={"offer": "Care", "by": "workflow:8", "reason": ""})

    assert telling.details(granted) == "Care"


@pytest.mark.parametrize(
    ("status", "named", "said"), [("succeeded", "Payment received", "Received"), ("failed", "Payment failed", "Failed")]
)
def test_a_payment_is_called_by_how_it_went(status: str, named: str, said: str) -> None:
    payment = Event(type="payment.received", data={"status": status, "new_status": status, "source": "invoice"})

    assert (telling.label(payment), telling.details(payment)) == (named, f"invoice, {said}")
