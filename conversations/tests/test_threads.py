from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from contacts.dedupe.merging import merge
from conversations import outgoing, threads
from conversations.gateways import Delivery
from conversations.inbound.taking import Incoming, receive_message
from conversations.models import Conversation, Message
from conversations.tests.test_outgoing import draft
from triggers.action_types import Done, Fail
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def text(number: str = "1", **values: Any) -> Message:
    given = {"channel": "sms", "from_address": "+4930123456", "body": "Hello", "gateway": "g", "provider_id": number}
    return receive_message(Incoming(**{**given, **values}), NOW).message


def test_who_writes_opens_a_thread_with_what_is_unread() -> None:
    make.contact(phone="+4930123456")

    text("1")
    last = text("2")

    thread = Conversation.objects.get()
    assert (thread.status, thread.unread, thread.last_message, thread.last_at) == ("open", 2, last, NOW)


def test_what_is_sent_opens_no_thread_and_moves_one_up() -> None:
    contact = make.contact(phone="+4930123456")
    message, _verdict = outgoing.pass_gate(draft(contact), NOW, repeatable=True)
    outgoing.settle(message, Delivery(Done()), NOW)
    thread = Conversation.objects.get()
    assert (thread.status, thread.unread, thread.last_message) == ("closed", 0, message)

    text()
    threads.close(thread)
    later = NOW + timedelta(hours=1)
    again, _verdict = outgoing.pass_gate(draft(contact, key=uuid4(), message_id="<2@x>"), later, repeatable=True)
    outgoing.settle(again, Delivery(Done()), later)

    thread.refresh_from_db()
    assert (thread.status, thread.last_message, thread.last_at) == ("closed", again, later)


def test_what_was_not_sent_moves_nothing() -> None:
    message, _verdict = outgoing.pass_gate(draft(make.contact()), NOW, repeatable=True)
    outgoing.settle(message, Delivery(Fail("No")), NOW)

    assert not Conversation.objects.exists()


def test_staff_read_close_reopen_and_assign() -> None:
    make.contact(phone="+4930123456")
    text()
    thread, clara = Conversation.objects.get(), make.user()

    threads.read(thread)
    assert Conversation.objects.get().unread == 0
    assert (threads.close(thread), threads.close(thread)) == (True, False)
    assert (threads.reopen(thread), threads.reopen(thread)) == (True, False)
    assert (threads.assign(thread, clara), threads.assign(thread, clara)) == (True, False)
    assert (threads.assign(thread, None), threads.assign(thread, None)) == (True, False)

    threads.close(thread)
    text("2")
    assert Conversation.objects.get().status == "open"


def test_two_contacts_that_become_one_have_one_thread() -> None:
    stays, gone = make.contact(phone="+4930123456"), make.contact(phone="+4930999999", email="b@example.org")
    text("1")
    text("2", from_address="+4930999999")
    threads.close(Conversation.objects.get(contact=stays))

    merge(stays.pk, gone.pk)

    thread = Conversation.objects.get()
    assert (thread.contact, thread.status, thread.unread) == (stays, "open", 1)
    assert Message.objects.filter(contact=stays).count() == 2


def test_the_thread_of_a_contact_without_one_moves_with_it() -> None:
    stays, gone = make.contact(), make.contact(phone="+4930123456", email="b@example.org")
    text()

    merge(stays.pk, gone.pk)

    assert Conversation.objects.get().contact == stays
