"""Messages from outside: once, by whom, and STOP before anything else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections

from contacts.models import Contact
from conversations import gate
from conversations.inbound import taking
from conversations.inbound.taking import Incoming, receive_message
from conversations.models import Arrival, ChannelIdentity, ChannelSetting, Message, Suppression
from triggers.models import Event, Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
NUMBER = "+4930123456"


def text(body: str = "Yes, please", **values: object) -> Incoming:
    return Incoming(
        **{
            "channel": "sms", "from_address": NUMBER, "body": body, "to_address": "+49301", "gateway": "twilio:1",
            "provider_id": "SM1", **values,
        }
    )  # fmt: skip


def sent(contact: Contact, **values: object) -> Message:
    return Message.objects.create(
        **{
            "contact": contact, "direction": "out", "channel": "sms", "key": uuid4(), "status": "sent",
            "sent_at": NOW - timedelta(hours=1), "workflow_id": 7, "run_id": 8, **values,
        }
    )  # fmt: skip


def types() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("type", flat=True))


def test_a_text_of_a_contact_is_an_answer_to_what_it_got_last() -> None:
    contact = make.contact(phone=NUMBER)
    sent(contact, workflow_id=1, sent_at=NOW - timedelta(days=2))
    last = sent(contact)
    sent(contact, channel="email", workflow_id=3, sent_at=NOW)

    taken = receive_message(text(), NOW)

    message, told = taken.message, make.last_event("message.customer_replied")
    assert (message.contact, message.direction, message.status, message.text) == (
        contact, "in", "received", "Yes, please",
    )  # fmt: skip
    assert (message.workflow_id, message.run_id, message.created_at) == (7, 8, NOW)
    assert told.data == {
        "message_id": message.pk, "contact_id": contact.pk, "channel": "sms", "subject_line": "", "intents": ["positive"],
        "body": "Yes, please", "keyword": "", "from_address": NUMBER, "attachments": 0,
        "in_reply_to_message_id": last.pk, "workflow_id": 7, "run_id": 8, "to_address": "+49301",
        "attachment_ids": [], "conversation_id": contact.conversation.pk,
    }  # fmt: skip
    assert (told.actor, told.actor_id, told.origin) == ("provider", "twilio:1", "sms twilio:1")


def test_what_was_sent_long_ago_is_not_what_is_answered() -> None:
    contact = make.contact(phone=NUMBER)
    sent(contact, sent_at=NOW - timedelta(days=8))

    assert receive_message(text(), NOW).message.workflow_id is None


def test_a_delivery_that_comes_again_changes_nothing() -> None:
    make.contact(phone=NUMBER)
    first = receive_message(text(), NOW)

    again = receive_message(text("Other words"), NOW)

    assert (again.message, again.again) == (first.message, True)
    assert Message.objects.get().text == "Yes, please"
    assert types().count("message.customer_replied") == 1


@pytest.mark.parametrize("values", [{"provider_id": "SM2"}, {"gateway": "twilio:2"}, {"provider_id": ""}])
def test_the_same_words_under_another_name_are_another_message(values: dict[str, str]) -> None:
    make.contact(phone=NUMBER)
    receive_message(text(), NOW)

    assert not receive_message(text(**values), NOW).again
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_deliveries_at_once_one_is_the_message() -> None:
    for n in range(5):
        ready = Barrier(4)

        def one(_each: int, n: int = n, ready: Barrier = ready) -> bool:
            ready.wait(10)
            try:
                return receive_message(text(provider_id=f"SM{n}", from_address=f"+493012345{n}"), NOW).again
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(one, range(4))) == [False, True, True, True]

    assert (Message.objects.count(), Contact.objects.count()) == (5, 5)
    assert types().count("message.customer_replied") == 5


# Who wrote


def test_an_unknown_number_becomes_a_contact() -> None:
    taken = receive_message(text(name="Berta Braun"), NOW)

    contact = taken.message.contact
    assert (contact.first_name, contact.last_name, contact.phone, contact.source) == ("Berta", "Braun", NUMBER, "SMS")
    assert types() == ["contact.created", "message.customer_replied"]


def test_an_unknown_number_is_put_aside_where_the_channel_says_so() -> None:
    ChannelSetting.objects.create(channel="sms", unknown_senders="aside")

    taken = receive_message(text(), NOW)

    assert (taken.message, taken.kind, taken.why) == (None, "aside", "Nobody has this address or number.")
    assert Arrival.objects.get().text == "Yes, please"
    assert not Contact.objects.exists()
    assert types() == []


def test_unknown_mail_is_put_aside_unless_the_channel_says_otherwise() -> None:
    mail = text(channel="email", from_address="berta@example.org")
    assert receive_message(mail, NOW).kind == "aside"

    ChannelSetting.objects.create(channel="email", unknown_senders="make")
    taken = receive_message(text(channel="email", from_address="berta@example.org", provider_id="2"), NOW)

    assert taken.message.contact.email == "berta@example.org"


@pytest.mark.parametrize("address", ["", "12", "not a number", "+" * 400])
def test_a_number_that_is_none_is_put_aside_with_the_reason(address: str) -> None:
    taken = receive_message(text(from_address=address), NOW)

    assert taken.kind == "aside"
    assert taken.why


def test_who_writes_by_messenger_is_known_the_next_time() -> None:
    first = receive_message(text(channel="messenger", from_address="psid-1", name="Berta"), NOW).message
    later = NOW + timedelta(days=1)

    second = receive_message(text(channel="messenger", from_address="psid-1", provider_id="SM2"), later).message

    assert first.contact == second.contact == Contact.objects.get()
    assert ChannelIdentity.objects.get().seen_at == later


def test_an_answer_belongs_to_whom_the_mail_went_to_whatever_address_it_comes_from() -> None:
    contact = make.contact()
    mail = sent(contact, channel="email", message_id="<1@crm.example.org>")

    taken = receive_message(
        text(channel="email", from_address="private@example.com", references=("<x@y>", "<1@crm.example.org>")), NOW
    )

    assert (taken.message.contact, taken.message.workflow_id) == (contact, mail.workflow_id)


def test_an_answer_finds_its_mail_by_the_key_in_the_address() -> None:
    contact = make.contact()
    mail = sent(contact, channel="email")

    taken = receive_message(text(channel="email", from_address="p@example.com", answers_key=mail.key.hex), NOW)

    assert make.last_event("message.customer_replied").data["in_reply_to_message_id"] == mail.pk
    assert taken.message.contact == contact


@pytest.mark.parametrize("key", ["", "0" * 32])
def test_a_key_that_is_nobodys_finds_nothing(key: str) -> None:
    assert receive_message(text(channel="email", from_address="p@example.com", answers_key=key), NOW).kind == "aside"


def test_a_mail_that_came_by_another_way_already_is_left_out() -> None:
    contact = make.contact()
    mail = text(channel="email", from_address=contact.email, message_id="<a@b>", provider_id="1", gateway="imap:1")
    first = receive_message(mail, NOW).message

    taken = receive_message(text(channel="email", from_address=contact.email, message_id="<a@b>"), NOW)

    assert (taken.message, taken.kind) == (first, "other")
    assert Message.objects.count() == 1


# STOP and START


def test_stop_closes_the_channel_for_the_number_before_its_event() -> None:
    contact, other = make.contact(phone=NUMBER), make.contact(phone=NUMBER, email="bob@example.org")

    receive_message(text("STOP"), NOW)

    for each in (contact, other):
        each.refresh_from_db()
        assert each.dnd == {"sms": True}
    assert Suppression.objects.get().address == "sms:+4930123456"
    told = types()
    assert told.index("contact.dnd_changed") < told.index("message.customer_replied")
    assert make.last_event("message.customer_replied").data["keyword"] == "stop"


def test_stop_from_a_stranger_holds_for_whoever_gets_the_number_later() -> None:
    ChannelSetting.objects.create(channel="sms", unknown_senders="aside")
    receive_message(text("STOP"), NOW)

    contact = make.contact(phone=NUMBER)

    verdict = gate.look(contact, "sms", NUMBER, "transactional", NOW)
    assert isinstance(verdict, gate.Refused)
    assert isinstance(gate.look(contact, "whatsapp", NUMBER, "transactional", NOW), gate.Allowed)


def test_a_workflow_that_answers_every_text_does_not_answer_stop() -> None:
    flow = make.workflow(
        make.action("a1", "sms.send", text="Thanks", category="transactional"),
        triggers=[{"uid": "t1", "event": "message.customer_replied", "config": {}, "conditions": None}],
    )
    make.contact(phone=NUMBER)

    receive_message(text("Stop"), NOW)
    drain()

    assert make.trail(Run.objects.get(workflow=flow)) == [("a1", "skipped")]


def test_start_takes_a_stop_back() -> None:
    contact = make.contact(phone=NUMBER)
    receive_message(text("STOP"), NOW)

    receive_message(text("START", provider_id="SM2"), NOW)

    contact.refresh_from_db()
    assert not contact.is_closed("sms")
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("dnd", [{"sms": True}, {"all": True}])
def test_start_does_not_open_what_staff_closed(dnd: dict[str, bool]) -> None:
    contact = make.contact(phone=NUMBER, dnd=dnd)

    receive_message(text("START"), NOW)

    contact.refresh_from_db()
    assert contact.is_closed("sms")


def test_nothing_stays_of_a_message_whose_transaction_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    make.contact(phone=NUMBER)
    with monkeypatch.context() as broken:
        broken.setattr(taking, "emit", lambda *_: (_ for _ in ()).throw(RuntimeError("away")))
        with pytest.raises(RuntimeError):
            receive_message(text("STOP"), NOW)
    assert not Arrival.objects.exists()
    assert not Suppression.objects.exists()

    assert not receive_message(text("STOP"), NOW).again
    assert types().count("message.customer_replied") == 1


def test_old_deliveries_are_dropped_and_their_messages_stay() -> None:
    make.contact(phone=NUMBER)
    receive_message(text(), NOW)

    assert taking.purge(NOW + timedelta(days=89)) == 0
    assert taking.purge(NOW + timedelta(days=91)) == 1
    assert Message.objects.count() == 1


def test_a_further_address_or_number_is_its_contact_s() -> None:
    anna = make.contact(extra_emails=["anna@home.example"], extra_phones=["+4930777777"])

    receive_message(Incoming("email", "Anna@Home.example", "Hi", gateway="g", provider_id="1"), NOW)
    receive_message(Incoming("sms", "+4930777777", "Hi", gateway="g", provider_id="2"), NOW)

    assert list(Message.objects.values_list("contact", flat=True)) == [anna.pk, anna.pk]
