"""Sending by Twilio, against a real HTTP server that answers as Twilio does."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from conversations import gateways
from conversations.models import ChannelSetting, Message
from providers.models import Connection
from providers.tests.twilio.calling import ACCOUNT, TOKEN
from providers.twilio.gateway import TwilioGateway
from providers.twilio.messages import gateway_key
from triggers.action_types import Done, Fail, Hold, Retry, Unsure
from triggers.models import Run
from triggers.sweeping import drain
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@pytest.fixture
def twilio(settings: Any, httpserver: HTTPServer) -> HTTPServer:
    settings.OUTGOING_ALLOW_LOOPBACK = True
    settings.TWILIO_API_URL = httpserver.url_for("").rstrip("/")
    return httpserver


def text(**values: Any) -> Message:
    return Message.objects.create(
        **{
            "contact": make.contact(), "direction": "out", "channel": "sms", "key": uuid4(), "text": "Hello",
            "to_address": "+4930123456", "from_address": "+4930999999", **values,
        }
    )  # fmt: skip


def sent(connection: Connection, message: Message) -> gateways.Delivery:
    assert message.key is not None
    return TwilioGateway(connection).send(message, message.key, NOW)


def test_a_text_is_posted_as_twilio_wants_it(connection: Connection, twilio: HTTPServer) -> None:
    seen: list[Request] = []
    twilio.expect_request(PATH, method="POST").respond_with_handler(
        lambda request: seen.append(request) or Response(json.dumps({"sid": "SM1", "status": "queued"}), 201)
    )

    delivery = sent(connection, text(media=["https://example.org/a.png"]))

    assert isinstance(delivery.outcome, Done)
    assert (delivery.code, delivery.provider_id) == (201, "SM1")
    [request] = seen
    assert request.authorization is not None
    assert (request.authorization.username, request.authorization.password) == (ACCOUNT, TOKEN)
    assert request.form.to_dict() == {
        "To": "+4930123456", "From": "+4930999999", "Body": "Hello", "MediaUrl": "https://example.org/a.png",
        "StatusCallback": f"https://crm.example.org/hooks/twilio/{connection.public_id}/#rc=2&rp=ct,rt,5xx",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"from_address": "MG1"}, {"MessagingServiceSid": "MG1", "To": "+4930123456"}),
        ({"channel": "whatsapp"}, {"From": "whatsapp:+4930999999", "To": "whatsapp:+4930123456"}),
        ({"channel": "messenger", "to_address": "77"}, {"From": "messenger:+4930999999", "To": "messenger:77"}),
    ],
)
def test_who_sends_to_whom(
    connection: Connection, twilio: HTTPServer, values: dict[str, str], fields: dict[str, str]
) -> None:
    seen: list[dict[str, str]] = []
    twilio.expect_request(PATH).respond_with_handler(
        lambda request: seen.append(request.form.to_dict()) or Response('{"sid": "SM1"}')
    )

    sent(connection, text(**values))

    assert fields.items() <= seen[0].items()


@pytest.mark.parametrize(
    ("status", "body", "outcome", "code"),
    [
        (400, {"code": 21211, "message": "no"}, Fail, "21211"), (400, {"code": 21610}, Fail, "21610"),
        (404, {}, Fail, "404"), (401, {"code": 20003}, Hold, "20003"), (429, {}, Retry, "429"), (503, {}, Retry, "503"),
        (500, {}, Unsure, "500"), (400, [], Fail, "400"), (302, {}, Fail, "302"),
    ],
)  # fmt: skip
def test_how_a_refusal_ends(
    connection: Connection, twilio: HTTPServer, status: int, body: Any, outcome: type, code: str
) -> None:
    twilio.expect_request(PATH).respond_with_json(body, status=status)

    delivery = sent(connection, text())

    assert isinstance(delivery.outcome, outcome)
    assert delivery.error_code == code


def test_why_in_words(connection: Connection, twilio: HTTPServer) -> None:
    twilio.expect_request(PATH).respond_with_json({"code": 21211, "message": "Invalid"}, status=400)

    outcome = sent(connection, text()).outcome

    assert isinstance(outcome, Fail)
    assert outcome.why == "Twilio refused it (21211). This is no phone number."


def test_an_answer_that_is_no_json_still_counts_as_taken(connection: Connection, twilio: HTTPServer) -> None:
    twilio.expect_request(PATH).respond_with_data("<html>", status=200)

    delivery = sent(connection, text())

    assert isinstance(delivery.outcome, Done)
    assert delivery.provider_id == ""


def test_a_workflow_sends_by_it(connection: Connection, twilio: HTTPServer) -> None:
    twilio.expect_request(PATH).respond_with_json({"sid": "SM1"}, status=201)
    ChannelSetting.objects.create(channel="sms", gateway=gateway_key(connection), sender="+4930999999")
    make.workflow(make.action("a1", "sms.send", text="Hello {{ contact.first_name }}"))
    make.tag(make.contact(phone="+4930123456"))

    drain()

    assert Run.objects.get().status == "done"
    message = Message.objects.get()
    assert (message.status, message.gateway, message.provider_id) == ("sent", gateway_key(connection), "SM1")


@pytest.mark.parametrize("key", ["twilio:0", "twilio:x", "twilio:", "twilio:99999999999999"])
def test_an_account_that_is_not_there_is_said(db: Any, key: str) -> None:
    with pytest.raises(gateways.NoGateway, match="There is no gateway"):
        gateways.find(key)


def test_it_is_offered_by_its_name(connection: Connection) -> None:
    assert (gateway_key(connection), "Twilio: Phone") in gateways.choices()
