"""A call as Twilio makes it: signed posts over HTTP, answered with TwiML while the caller listens."""

from typing import Any
from xml.etree import ElementTree

import pytest

from contacts.models import Contact, Task
from conversations.ivr.script import Dial, Gather, HangUp, Record, Reply, Say
from conversations.models import IvrCall, Message
from conversations.tests.ivr.line import line
from providers.models import Connection, ProviderDelivery
from providers.tests.twilio import calling
from providers.tests.twilio.calling import ACCOUNT, TOKEN, worked
from providers.twilio.voice import twiml
from triggers.models import ActionRun, Event
from triggers.tests import make

pytestmark = pytest.mark.django_db
ASK = make.action("ask", "ivr.gather", text="Press 1 for <sales> & more.")
CALL = {
    "CallSid": "CA1", "AccountSid": ACCOUNT, "From": "+4930123456", "To": "+4930999999", "Direction": "inbound",
    "CallStatus": "ringing",
}  # fmt: skip


def post(connection: Connection, query: str = "", token: str = TOKEN, **more: str) -> Any:
    return calling.post(connection, {**CALL, **more}, query, token)


def said(answer: Any) -> list[str]:
    """The verbs of an answer, in order."""
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml"
    return [verb.tag for verb in ElementTree.fromstring(answer.content)]


def test_a_caller_is_asked_and_put_through(connection: Connection) -> None:
    line({**ASK, "outcomes": {"answered": [make.action("d", "ivr.dial", number="+493055555")]}})

    asked = post(connection)
    [gather] = ElementTree.fromstring(asked.content)
    assert gather[0].text == "Press 1 for <sales> & more."
    back = gather.attrib["action"]
    assert back == f"https://crm.example.org/hooks/twilio/{connection.public_id}/?turn=0"

    assert said(post(connection, "turn=0", CallStatus="in-progress", Digits="1")) == ["Dial"]
    assert said(post(connection, "turn=1", CallStatus="in-progress", DialCallStatus="completed")) == ["Hangup"]
    assert Contact.objects.get().phone == "+4930123456"
    assert [(run.uid, run.outcome) for run in ActionRun.objects.order_by("pk")] == [
        ("ask", "answered"), ("d", "answered"),
    ]  # fmt: skip


def test_the_same_post_again_gets_the_same_answer(connection: Connection) -> None:
    line(ASK, make.action("s", "ivr.say", text="Thank you."))

    first, again = (post(connection).content for _try in range(2))
    assert first == again
    one, two = (post(connection, "turn=0", Digits="1").content for _try in range(2))
    assert one == two
    assert IvrCall.objects.count() == 1


def test_the_end_of_the_call_is_told_once_by_the_workers(connection: Connection) -> None:
    line({**ASK, "outcomes": {"hung_up": [make.action("t", "task.create", title="Missed")]}})
    post(connection)

    for _try in range(2):
        report = post(connection, CallStatus="completed", CallbackSource="call-progress-events", SequenceNumber="3")
        assert said(report) == []
    worked()

    assert Task.objects.get().title == "Missed"
    assert post(connection, "turn=0", Digits="1").content.count(b"<Hangup") == 1


@pytest.mark.parametrize("token", ["wrong", ""])
def test_who_is_not_twilio_hears_nothing(connection: Connection, token: str) -> None:
    line(ASK)

    assert post(connection, token=token).status_code == 401
    assert not IvrCall.objects.exists()


def test_another_accounts_call_is_not_answered(connection: Connection) -> None:
    line(ASK)

    assert said(post(connection, AccountSid="AC2")) == []
    assert not IvrCall.objects.exists()
    assert ProviderDelivery.objects.get().status == "ignored"


@pytest.mark.parametrize("query", ["turn=7", "turn=-1", "turn=x", "turn=", "turn=99999999999999999999"])
def test_an_answer_nobody_asked_for_ends_quietly(connection: Connection, query: str) -> None:
    line(ASK)
    post(connection)

    post(connection, query, CallStatus="in-progress", Digits="1")

    assert ActionRun.objects.get().status == "waiting"


def test_an_answer_after_hanging_up_changes_nothing(connection: Connection) -> None:
    line(ASK)
    post(connection)
    post(connection, CallStatus="completed", CallbackSource="call-progress-events")
    worked()

    assert said(post(connection, "turn=0", Digits="1")) == ["Hangup"]
    assert ActionRun.objects.get().outcome == "hung_up"


def test_every_verb_in_twiml() -> None:
    verbs = (
        Say("Grüß Gott", "de-DE"), Record("Bitte", "de-DE", 60), Dial("+493055555", 25),
        Gather("Name?", "en-GB", 0, "#", True, 5), HangUp(),
    )  # fmt: skip

    told = twiml(Reply(2, verbs), "https://crm.example.org/hooks/twilio/x/?turn=1")

    assert '<Say language="de-DE">Grüß Gott</Say>' in told
    assert '<Record action="https://crm.example.org/hooks/twilio/x/?turn=2" maxLength="60" playBeep="true"' in told
    assert 'timeout="25"' in told
    assert 'input="speech"' in told
    assert 'speechTimeout="auto"' in told
    assert "numDigits" not in told
    assert told.count("<Hangup") == 1


def test_each_status_of_a_call_is_told_once(connection: Connection) -> None:
    for status in ("ringing", "in-progress", "completed", "completed"):
        report = {"CallStatus": status, "CallbackSource": "call-progress-events", "CallDuration": "61"}
        post(connection, **report)
        worked()

    message = Message.objects.get()
    assert (message.channel, message.text, message.contact.phone) == ("call", "Call, 1:01 minutes", "+4930123456")
    told = Event.objects.filter(type="call.status_changed").order_by("pk")
    assert [event.data["status"] for event in told] == ["ringing", "in-progress", "completed"]
