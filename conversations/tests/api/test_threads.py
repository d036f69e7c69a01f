from datetime import UTC, datetime
from typing import Any

import pytest

from conversations import threads
from conversations.inbound.taking import Incoming, receive_message
from conversations.models import Conversation, Message
from triggers.tests import make
from triggers.tests.api import calls

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
URL = "/api/v1/conversations/"
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def api() -> Any:
    return calls.client("messages:read", "messages:write")


@pytest.fixture
def thread() -> Conversation:
    contact = make.contact(phone="+4930123456")
    receive_message(Incoming("sms", contact.phone, "Hi", gateway="g", provider_id="1"), NOW)
    return Conversation.objects.get()


def test_threads_are_listed_and_narrowed(api: Any, thread: Conversation) -> None:
    clara = make.user(is_staff=True)
    threads.assign(thread, clara)

    [row] = api.get(URL).json()["results"]
    assert row == {
        "id": thread.pk, "contact": thread.contact_id, "status": "open", "assignee": "clara", "unread": 1,
        "last_message": thread.last_message_id, "last_at": "2027-03-10T12:00:00Z",
    }  # fmt: skip
    for query, count in (
        ({"status": "closed"}, 0), ({"status": "open"}, 1), ({"unread": "true"}, 1), ({"unread": "false"}, 0),
        ({"assignee": "clara"}, 1), ({"assignee": "bob"}, 0), ({"contact": thread.contact_id}, 1),
    ):  # fmt: skip
        assert len(api.get(URL, query).json()["results"]) == count


def test_a_thread_is_closed_and_assigned(api: Any, thread: Conversation) -> None:
    make.user(is_staff=True)

    answer = api.patch(f"{URL}{thread.pk}/", {"status": "closed", "assignee": "clara"})

    assert (answer.status_code, answer.json()["status"], answer.json()["assignee"]) == (200, "closed", "clara")
    assert api.patch(f"{URL}{thread.pk}/", {"status": "open", "assignee": None}).json()["assignee"] is None
    assert api.patch(f"{URL}{thread.pk}/", {"assignee": "nobody"}).status_code in (400, 422)
    assert api.patch(f"{URL}{thread.pk}/", {"status": "lost"}).status_code in (400, 422)


def test_an_answer_is_taken_to_be_sent(api: Any, thread: Conversation) -> None:
    answer = api.post(f"{URL}{thread.pk}/messages/", {"channel": "sms", "text": "Until six."})

    message = Message.objects.get(direction="out")
    assert (answer.status_code, answer.json()["id"], answer.json()["status"]) == (202, message.pk, "queued")
    assert message.author == api.user


def test_who_must_not_be_written_to_is_not(api: Any, thread: Conversation) -> None:
    type(thread.contact).objects.update(dnd={"sms": True})

    answer = api.post(f"{URL}{thread.pk}/messages/", {"channel": "sms", "text": "Until six."})

    assert answer.status_code in (400, 422)
    assert "must not be disturbed by SMS" in answer.content.decode()
    assert not Message.objects.filter(direction="out").exists()


def test_answering_needs_the_scope(thread: Conversation) -> None:
    reading = calls.client("messages:read")

    assert reading.post(f"{URL}{thread.pk}/messages/", {"channel": "sms", "text": "x"}).status_code == 403
    assert reading.patch(f"{URL}{thread.pk}/", {"status": "closed"}).status_code == 403
