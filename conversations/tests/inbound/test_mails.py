"""What becomes of a mail that comes in."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact
from conversations.inbound.mails import receive_mail
from conversations.inbound.taking import Taken
from conversations.models import Arrival, Message, Suppression
from conversations.tests.inbound.test_reports import bounce
from triggers.models import Event
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def sent(contact: Contact | None = None, **values: object) -> Message:
    contact = contact or make.contact()
    return Message.objects.create(
        **{
            "contact": contact, "direction": "out", "channel": "email", "key": uuid4(), "status": "sent",
            "sent_at": NOW, "message_id": "<1@crm.example.org>", "to_address": contact.email, "workflow_id": 7, **values,
        }
    )  # fmt: skip


def letter(headers: str = "", text: str = "Yes", sender: str = "anna@example.org", message_id: str = "<m1@x>") -> bytes:
    return f"From: Anna <{sender}>\r\nMessage-ID: {message_id}\r\n{headers}\r\n{text}".encode()


def take(raw: bytes, external_id: str = "1") -> Taken:
    return receive_mail(raw, "imap:1", external_id, NOW)


def told() -> list[str]:
    return list(Event.objects.exclude(type__startswith="contact.").values_list("type", flat=True))


def test_an_answer_is_told_with_what_it_answers() -> None:
    mail = sent()

    taken = take(letter("In-Reply-To: <1@crm.example.org>\r\n", "Yes\r\n\r\n> No?"))

    data = make.last_event("message.customer_replied").data
    assert (data["body"], data["workflow_id"], data["in_reply_to_message_id"]) == ("Yes", 7, mail.pk)
    assert (taken.message.provider_id, taken.message.message_id) == ("1", "<m1@x>")
    assert "> No?" in taken.message.text


def test_the_same_mail_under_another_number_is_the_same() -> None:
    make.contact()
    first = take(letter(message_id=""), "1:5")

    again = take(letter(message_id=""), "2:1")

    assert (again.again, again.message) == (True, first.message)


def test_what_a_program_writes_is_no_answer() -> None:
    sent()

    taken = take(letter("In-Reply-To: <1@crm.example.org>\r\nAuto-Submitted: auto-replied\r\n", "I am away"))

    assert (taken.message, taken.kind) == (None, "auto_reply")
    assert told() == []
    assert Arrival.objects.get().text == "I am away"


def test_a_mail_that_came_back_is_told_and_closes_its_address() -> None:
    mail = sent()

    taken = take(bounce())

    mail.refresh_from_db()
    assert (taken.kind, taken.message) == ("bounce", mail)
    assert (mail.status, mail.error_code) == ("bounced", "5.1.1")
    assert told() == ["email.bounced"]
    assert make.last_event("email.bounced").data["lasting"] is True
    assert Suppression.objects.get().reason == "bounce"


def test_a_full_mailbox_is_told_and_closes_nothing() -> None:
    sent()

    take(bounce(status="5.2.2"))

    assert told() == ["email.bounced"]
    assert not Suppression.objects.exists()


def test_a_report_that_comes_again_is_told_once() -> None:
    sent()
    take(bounce(), "1")

    assert take(bounce(), "2").again
    take(bounce(status="5.1.2"), "3")

    assert told() == ["email.bounced"]


@pytest.mark.parametrize(
    ("report", "why"),
    [
        ({"message_id": "<unknown@elsewhere>"}, "It tells of a mail that nobody here has sent."),
        ({"receiver": "victim@example.org"}, "It tells of another receiver than the mail had."),
        ({"action": "delayed", "status": "4.4.1"}, "The server is still trying: 550 4.4.1 <anna@example.org>"),
    ],
)
def test_a_report_that_proves_nothing_changes_nothing(report: dict[str, str], why: str) -> None:
    mail = sent()

    taken = take(bounce(**report))

    mail.refresh_from_db()
    assert (mail.status, taken.kind) == ("sent", "bounce")
    assert taken.why.startswith(why)
    assert told() == []
    assert not Suppression.objects.exists()


def test_a_report_of_delivery_moves_the_mail_on() -> None:
    mail = sent()

    take(bounce(action="delivered", status="2.0.0"))

    mail.refresh_from_db()
    assert mail.status == "delivered"


def test_a_mail_without_a_sender_is_put_down() -> None:
    taken = take(b"Subject: Hello\r\n\r\nHello")

    assert (taken.kind, taken.why) == ("unreadable", "It says nothing of who wrote it.")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_comes_is_put_down_and_breaks_nothing(noise: bytes) -> None:
    for raw in (noise, b"From: a@example.org\r\n" + noise, bounce()[:700] + noise):
        take(raw, uuid4().hex)
