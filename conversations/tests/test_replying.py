"""What staff write by hand: the gate before and at the sending, once, and tried again."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from contacts.models import Contact
from contacts.services import set_dnd
from conversations import replying
from conversations.inbound.taking import Incoming, receive_message
from conversations.models import ChannelIdentity, ConsoleMessage, Conversation, MailboxMail, Message, Suppression
from conversations.replying import NotTaken, write
from conversations.tests.office import HANG_UP, Office
from triggers.models import Organisation
from triggers.models.event import Lane
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def person(**values: Any) -> Contact:
    return make.contact(**{"phone": "+4930123456", **values})


def asked(contact: Contact) -> Message:
    return receive_message(
        Incoming("email", contact.email, "Are you open?", subject="Hours", message_id="<q@x>", provider_id="1"), NOW
    ).message


def test_a_mail_goes_below_the_one_it_answers(mailbox: None) -> None:
    contact, clara = person(), make.user()
    Organisation.objects.create(sender="Desk <desk@crm.example.org>")
    asked(contact)

    message = write(contact, "email", "Until six.\r\n", clara, NOW)
    assert (message.status, message.sent_at, message.due_at) == ("queued", None, NOW)
    drain(NOW)

    mail = MailboxMail.objects.get()
    message.refresh_from_db()
    assert (message.status, message.author, message.category, message.due_at) == ("sent", clara, "transactional", None)
    assert (mail.subject, mail.text, mail.from_address) == ("Re: Hours", "Until six.", "Desk <desk@crm.example.org>")
    headers = dict(mail.headers)
    assert (headers["In-Reply-To"], headers["References"]) == ("<q@x>", "<q@x>")
    assert "List-Unsubscribe" not in headers


def test_a_text_goes_by_the_channels_gateway() -> None:
    message = write(person(), "sms", "Until six.", None, NOW)

    drain(NOW)

    message.refresh_from_db()
    assert (message.status, ConsoleMessage.objects.get().text) == ("sent", "Until six.")
    assert Conversation.objects.get().last_message == message


def test_it_is_sent_once_however_often_it_is_looked_for(mailbox: None) -> None:
    write(person(), "email", "Hello", None, NOW)

    assert [replying.work(Lane.FAST, NOW) for _ in range(3)] == [1, 0, 0]
    assert MailboxMail.objects.get().times == 1


@pytest.mark.parametrize(
    ("values", "channel", "why"),
    [
        ({"dnd": {"sms": True}}, "sms", "Anna must not be disturbed by SMS."),
        ({"dnd": {"all": True}}, "email", "Anna must not be disturbed by E-mail."),
        ({"phone": ""}, "sms", "Anna cannot be reached by this channel."),
        ({}, "messenger", "Anna cannot be reached by this channel."),
    ],
)
def test_who_must_not_be_written_to_is_not_and_nothing_is_stored(values: Any, channel: str, why: str) -> None:
    with pytest.raises(NotTaken) as refused:
        write(person(**values), channel, "Hello", None, NOW)

    assert str(refused.value) == why
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [(" \n", "Write something first."), ("a" * 2000, "The message has 2000 characters; 1530 are the most.")],
)
def test_a_text_that_is_none_or_too_long_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotTaken) as refused:
        write(person(), "sms", text, None, NOW)

    assert str(refused.value) == why


def test_a_suppressed_address_wins() -> None:
    Suppression.objects.create(address="anna@example.org", reason="bounce")

    with pytest.raises(NotTaken, match="Nobody may write to"):
        write(person(), "email", "Hello", None, NOW)


def test_who_leaves_in_between_gets_nothing(mailbox: None) -> None:
    contact = person()
    message = write(contact, "email", "Hello", None, NOW)

    set_dnd(contact, ["email"], True)
    drain(NOW)

    message.refresh_from_db()
    assert (message.status, message.reason) == ("suppressed", "Anna must not be disturbed by E-mail.")
    assert not MailboxMail.objects.exists()


def test_a_person_answers_at_night_too(mailbox: None) -> None:
    Organisation.objects.create(quiet_from=time(0), quiet_to=time(23, 59), frequency_cap=1)

    write(person(), "email", "Hello", None, NOW)
    drain(NOW)

    assert MailboxMail.objects.count() == 1


def test_a_server_that_is_away_is_tried_again_and_at_last_given_up(office: Office) -> None:
    office.answers["MAIL"] = "451 Later"
    message = write(person(), "email", "Hello", None, NOW)

    due = []
    for _try in range(5):
        drain(message.due_at)
        message.refresh_from_db()
        if message.due_at is None:
            break
        due.append((message.due_at - NOW).total_seconds())
    assert due == [30, 150, 750, 4350]
    assert (message.status, message.sent_at) == ("failed", None)
    assert message.reason == "127.0.0.1 did not take the mail for now: 451 Later"


def test_a_connection_that_breaks_leaves_it_to_a_person(office: Office) -> None:
    office.answers["DATA"] = HANG_UP
    message = write(person(), "email", "Hello", None, NOW)

    drain(NOW + timedelta(days=1))

    message.refresh_from_db()
    assert (message.status, message.due_at, len(office.mails)) == ("uncertain", None, 1)


def test_the_ways_to_a_contact_begin_with_the_one_it_wrote_by() -> None:
    contact = person(dnd={"email": True})
    ChannelIdentity.objects.create(contact=contact, channel="chat", address="v1")
    receive_message(Incoming("sms", "+4930123456", "Hi", provider_id="1", gateway="g"), NOW)

    found = [(way.channel, way.address, way.refusal) for way in replying.ways(contact, NOW)]

    assert found == [
        ("sms", "+4930123456", ""), ("whatsapp", "+4930123456", ""), ("chat", "v1", ""),
        ("email", "anna@example.org", "Anna must not be disturbed by E-mail."),
    ]  # fmt: skip
