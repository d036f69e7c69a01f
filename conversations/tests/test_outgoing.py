from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections

from contacts.models import Contact
from conversations import outgoing
from conversations.gate import Allowed, Refused
from conversations.gateways import Delivery
from conversations.models import Message
from triggers.action_types import Done, Fail, Hold, Retry, Unsure
from triggers.models import Organisation
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def draft(contact: Contact, **values: object) -> outgoing.Draft:
    return outgoing.Draft(
        **{
            "key": uuid4(), "contact_id": contact.pk, "category": "marketing", "to_address": contact.email,
            "from_address": "clara@example.org", "reply_to": "", "subject": "Hello", "text": "Hi", "html": "",
            "message_id": "<1@example.org>", "workflow_id": 7, "run_id": 8, **values,
        }
    )  # fmt: skip


def test_the_gates_answer_and_the_message_are_one_record() -> None:
    message, verdict = outgoing.pass_gate(draft(make.contact()), NOW, repeatable=False)

    assert verdict == Allowed()
    assert Message.objects.get() == message
    assert (message.direction, message.channel, message.subject) == ("out", "email", "Hello")
    assert (message.status, message.sent_at) == ("uncertain", NOW)


def test_a_refusal_is_on_record_with_its_reason() -> None:
    message, verdict = outgoing.pass_gate(draft(make.contact(dnd={"all": True})), NOW, repeatable=True)

    assert verdict == Refused("Anna must not be disturbed by E-mail.")
    assert (message.status, message.sent_at) == ("suppressed", None)
    assert message.reason == "Anna must not be disturbed by E-mail."


def test_a_second_try_is_the_same_message_with_what_it_says_now() -> None:
    first = draft(make.contact())
    outgoing.pass_gate(first, NOW, repeatable=True)

    again = draft(Contact.objects.get(), key=first.key, subject="Hello again")
    outgoing.pass_gate(again, NOW, repeatable=True)

    assert Message.objects.get().subject == "Hello again"


@pytest.mark.parametrize(
    ("outcome", "status", "reason", "counts"),
    [
        (Done(), "sent", "", True),
        (Retry("Busy"), "queued", "Busy", False),
        (Hold("Wrong password"), "queued", "Wrong password", False),
        (Fail("No such user"), "failed", "No such user", False),
        (Unsure("It broke"), "uncertain", "It broke", True),
    ],
)
def test_how_a_call_ended_is_on_record(outcome: object, status: str, reason: str, counts: bool) -> None:
    message, _verdict = outgoing.pass_gate(draft(make.contact()), NOW, repeatable=True)

    outgoing.settle(message, Delivery(outcome), NOW)

    message.refresh_from_db()
    assert (message.status, message.reason) == (status, reason)
    assert message.sent_at == (NOW if counts else None)


@pytest.mark.parametrize("late", [Retry("Busy"), Fail("No such user"), Unsure("It broke")])
def test_a_late_report_does_not_take_back_what_was_sent(late: object) -> None:
    message, _verdict = outgoing.pass_gate(draft(make.contact()), NOW, repeatable=True)
    outgoing.settle(message, Delivery(Done()), NOW)

    outgoing.settle(message, Delivery(late), NOW)

    message.refresh_from_db()
    assert (message.status, message.sent_at) == ("sent", NOW)
    assert outgoing.sent(message.key) == message


def test_only_what_is_on_record_as_sent_counts_as_sent() -> None:
    message, _verdict = outgoing.pass_gate(draft(make.contact()), NOW, repeatable=True)

    assert outgoing.sent(message.key) is None


@pytest.mark.django_db(transaction=True)
def test_of_several_mails_at_once_the_cap_lets_out_as_many_as_it_says() -> None:
    Organisation.objects.create(frequency_cap=2)
    for n in range(10):
        contact = make.contact(email=f"anna{n}@example.org")
        drafts = [draft(contact, message_id=f"<{n}.{of}@example.org>") for of in range(4)]

        assert sorted(_at_once(drafts)) == ["Allowed", "Allowed", "Later", "Later"]


def _at_once(drafts: list[outgoing.Draft]) -> list[str]:
    ready = Barrier(len(drafts))

    def one(each: outgoing.Draft) -> str:
        ready.wait(10)
        try:
            return type(outgoing.pass_gate(each, NOW, repeatable=False)[1]).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(drafts)) as pool:
        return list(pool.map(one, drafts))
