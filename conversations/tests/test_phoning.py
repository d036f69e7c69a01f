"""Calls in a contact's thread, and what each status tells."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from conversations import phoning
from conversations.models import Conversation, Message
from conversations.phoning import Call
from conversations.statuses import Recorded
from triggers.models import Event
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
THEIRS, OURS = "+4930123456", "+4930999999"


def reported(status: str, *, incoming: bool = True, call_id: str = "CA1", **more: Any) -> Recorded:
    numbers = (THEIRS, OURS) if incoming else (OURS, THEIRS)
    told = {"from_number": numbers[0], "to_number": numbers[1], **more}
    return phoning.record(Call(call_id, incoming, status, **told), "twilio:1", NOW, NOW)


def told() -> list[str]:
    events = Event.objects.filter(type="call.status_changed").order_by("pk")
    return [event.data["status"] for event in events]


def test_a_call_is_one_message_and_an_event_for_each_status() -> None:
    for status in ("ringing", "ringing", "in-progress", "completed", "completed"):
        reported(status, seconds=61 if status == "completed" else None)

    message = Message.objects.get()
    assert (message.direction, message.channel, message.status) == ("in", "call", "received")
    assert (message.text, message.contact.phone) == ("Call, 1:01 minutes", THEIRS)
    assert told() == ["ringing", "in-progress", "completed"]
    assert Event.objects.filter(type="call.status_changed").latest("pk").data["duration"] == 61
    assert Conversation.objects.get().unread == 1


@pytest.mark.parametrize("order", list(permutations(["ringing", "in-progress", "no-answer"])))
def test_whatever_the_order_the_worst_end_stands(order: tuple[str, ...]) -> None:
    make.contact(phone=THEIRS)

    for status in order:
        reported(status, incoming=False)

    assert Message.objects.get().status == "undelivered"
    assert sorted(told()) == sorted(order)


def test_a_recording_stands_with_the_message_once() -> None:
    for _try in range(2):
        reported("completed", seconds=5, recording_url="https://api.example.org/RE1")

    assert Message.objects.get().media == ["https://api.example.org/RE1"]


@pytest.mark.parametrize("known", [True, False])
def test_who_rings_first_is_looked_up_once(known: bool) -> None:
    if known:
        make.contact(phone=THEIRS)

    with CaptureQueriesContext(connection) as asked:
        reported("ringing")

    looked_up = [query for query in asked.captured_queries if f"'{THEIRS}'" in query["sql"].partition("WHERE")[2]]
    by_phone = [query for query in looked_up if '"contacts_contact"."phone" =' in query["sql"]]
    assert len(by_phone) == 1
    assert len(looked_up) == (1 if known else 2)


def test_who_rings_from_a_further_number_is_found() -> None:
    anna = make.contact(extra_phones=[THEIRS])

    reported("ringing")

    assert Message.objects.get().contact == anna


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"from_number": "anonymous"}, "hidden"),
        ({"from_number": ""}, "hidden"),
        ({"incoming": False}, "Nobody has"),
        ({"status": "exploded"}, "is no status of a call"),
    ],
)
def test_what_belongs_to_nobody_tells_nothing(fields: dict[str, Any], why: str) -> None:
    assert why in reported(fields.pop("status", "ringing"), **fields).why
    assert not Contact.objects.exists()
    assert told() == []
