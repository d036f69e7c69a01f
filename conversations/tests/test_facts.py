from datetime import UTC, datetime

import pytest
from django.db.models import Q

from conversations.facts import IvrCallFacts, MessageFacts
from conversations.models import Disposition, IvrCall, Message
from triggers import registry
from triggers.tests import make

pytestmark = pytest.mark.django_db


def test_a_message_as_it_stands_with_empty_text_as_not_known() -> None:
    at = datetime(2027, 3, 10, 12, tzinfo=UTC)
    message = Message.objects.create(
        contact=make.contact(), direction="in", status="received", subject="Re: Hello", text="Yes",
        from_address="anna@example.org", created_at=at,
    )  # fmt: skip

    assert MessageFacts().load([message.pk, 0]) == {
        message.pk: {
            "subject": "Re: Hello", "text": "Yes", "from_address": "anna@example.org", "to_address": None,
            "direction": "in", "channel": "email", "status": "received", "category": None,
            "created_at": at, "sent_at": None, "disposition": None,
        }
    }  # fmt: skip


def test_loads_many_in_one_query(django_assert_num_queries: object) -> None:
    contact = make.contact()
    ids = [Message.objects.create(contact=contact, direction="out").pk for _ in range(5)]

    with django_assert_num_queries(1):
        assert set(MessageFacts().load(ids)) == set(ids)


def test_every_fact_that_is_declared_is_loaded() -> None:
    message = Message.objects.create(contact=make.contact(), direction="out")

    assert set(MessageFacts().load([message.pk])[message.pk]) == set(MessageFacts().fields())


def test_the_namespace_follows_the_events_message() -> None:
    assert registry.facts["message"].id_of({"message_id": 3}, None) == 3
    assert registry.facts["message"].id_of({}, 5) is None


def test_ids_come_in_pages() -> None:
    contact = make.contact()
    ids = [Message.objects.create(contact=contact, direction="out").pk for _ in range(3)]

    assert MessageFacts().ids(Q(), ids[0], 1) == [ids[1]]
    assert MessageFacts().ids(Q(direction="in"), 0, 10) == []


def test_the_outcome_of_a_call_is_known_by_its_key() -> None:
    offer = Disposition.objects.create(name="Wants an offer")
    call = Message.objects.create(contact=make.contact(), direction="in", channel="call", disposition=offer)

    assert MessageFacts().load([call.pk])[call.pk]["disposition"] == "wants_an_offer"
    assert MessageFacts().ids(Q(disposition__key="wants_an_offer"), 0, 10) == [call.pk]


def test_an_answered_call_tells_what_was_pressed_last(django_assert_num_queries: object) -> None:
    calls = [IvrCall.objects.create(provider="twilio", call_id=f"CA{n}", digits=f"{n}") for n in range(3)]

    with django_assert_num_queries(1):
        found = IvrCallFacts().load([call.pk for call in calls])

    assert [found[call.pk]["digits"] for call in calls] == ["0", "1", "2"]
    assert found[calls[0].pk]["speech"] is None
    assert set(found[calls[0].pk]) == set(IvrCallFacts().fields())
    assert IvrCallFacts().ids(Q(digits="2"), 0, 10) == [calls[2].pk]
