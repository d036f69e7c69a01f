import pytest

from conversations.models import Message
from conversations.services import MAX_BODY, receive_reply
from triggers.models import Event
from triggers.tests import make

pytestmark = pytest.mark.django_db


def replies() -> list[dict[str, object]]:
    return list(Event.objects.filter(type="message.customer_replied").order_by("id").values_list("data", flat=True))


def test_a_reply_is_recorded_and_told() -> None:
    contact = make.contact()
    mail = Message.objects.create(
        contact=contact, direction="out", message_id="<1@example.org>", workflow_id=7, run_id=8
    )

    reply = receive_reply(contact, "Yes, please", subject="Re: Hello", in_reply_to="<1@example.org>")

    assert (reply.direction, reply.status, reply.channel) == ("in", "received", "email")
    assert (reply.from_address, reply.text) == ("anna@example.org", "Yes, please")
    assert (reply.workflow_id, reply.run_id) == (7, 8)
    assert replies() == [
        {
            "message_id": reply.pk, "contact_id": contact.pk, "channel": "email", "subject_line": "Re: Hello",
            "body": "Yes, please", "keyword": "", "intents": ["positive"], "from_address": "anna@example.org", "attachments": 0,
            "in_reply_to_message_id": mail.pk, "workflow_id": 7, "run_id": 8, "to_address": "", "attachment_ids": [],
            "conversation_id": contact.conversation.pk,
        }
    ]  # fmt: skip


def test_a_mail_that_answers_none_is_told_without_a_workflow() -> None:
    contact = make.contact()

    reply = receive_reply(contact, "Hello?", in_reply_to="<unknown@example.org>")

    assert reply.workflow_id is None
    assert replies()[0]["in_reply_to_message_id"] is None
    assert replies()[0]["workflow_id"] is None


def test_an_answer_to_somebody_elses_mail_is_not_tied_to_it() -> None:
    Message.objects.create(contact=make.contact(), direction="out", message_id="<1@example.org>", workflow_id=7)
    bob = make.contact(email="bob@example.org")

    reply = receive_reply(bob, "Forwarded to me", in_reply_to="<1@example.org>")

    assert reply.workflow_id is None


def test_a_reply_that_arrives_twice_is_one_message_and_one_event() -> None:
    contact = make.contact()

    first = receive_reply(contact, "Yes", message_id="<2@example.org>")
    second = receive_reply(contact, "Yes", message_id="<2@example.org>")

    assert first == second
    assert len(replies()) == 1


def test_replies_without_a_message_id_are_each_their_own() -> None:
    contact = make.contact()

    receive_reply(contact, "Yes")
    receive_reply(contact, "Yes")

    assert len(replies()) == 2


def test_a_very_long_body_is_cut() -> None:
    reply = receive_reply(make.contact(), "x" * (MAX_BODY + 1))

    assert len(reply.text) == len(replies()[0]["body"]) == MAX_BODY
