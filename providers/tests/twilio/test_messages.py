"""Texts that people write and reports on ours, as Twilio posts them, over HTTP."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from contacts.models import Contact
from conversations.models import Attachment, Message
from providers.models import Connection, ProviderDelivery
from providers.tests.twilio import calling
from providers.tests.twilio.calling import ACCOUNT, worked
from providers.twilio.messages import gateway_key
from triggers import sweeping
from triggers.models import Event
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
WRITTEN = {
    "MessageSid": "SM1", "SmsSid": "SM1", "SmsStatus": "received", "AccountSid": ACCOUNT, "From": "+4930123456",
    "To": "+4930999999", "Body": "When do you open?", "NumMedia": "0",
}  # fmt: skip


def wrote(connection: Connection, **more: str) -> Any:
    answer = calling.post(connection, {**WRITTEN, **more})
    worked()
    return answer


def reported(connection: Connection, status: str, **more: str) -> None:
    fields = {"MessageSid": "SM9", "MessageStatus": status, "AccountSid": ACCOUNT, **more}
    assert calling.post(connection, fields).status_code == 200
    worked()


@pytest.fixture
def sent(connection: Connection) -> Message:
    """A text of ours that Twilio took."""
    return Message.objects.create(
        contact=make.contact(), direction="out", channel="sms", key=uuid4(), status="sent", sent_at=NOW,
        gateway=gateway_key(connection), provider_id="SM9", to_address="+4930123456",
    )  # fmt: skip


def test_what_is_written_is_the_message_of_a_contact(connection: Connection) -> None:
    answer = wrote(connection)

    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "text/xml", b"<Response/>")
    message = Message.objects.get()
    assert (message.text, message.channel, message.contact.phone) == ("When do you open?", "sms", "+4930123456")
    assert Event.objects.get(type="message.customer_replied").data["body"] == "When do you open?"


def test_sent_again_it_is_one(connection: Connection) -> None:
    for _try in range(3):
        wrote(connection)

    assert Message.objects.count() == ProviderDelivery.objects.count() == 1


@pytest.mark.parametrize("order", [{"Body": "STOP"}, {"Body": "Basta", "OptOutType": "STOP"}])
def test_an_order_to_stop_closes_the_channel(connection: Connection, order: dict[str, str]) -> None:
    contact = make.contact(phone="+4930123456")

    wrote(connection, **order)

    contact.refresh_from_db()
    assert contact.is_closed("sms")
    wrote(connection, MessageSid="SM2", SmsSid="SM2", Body="START", OptOutType="START")
    contact.refresh_from_db()
    assert not contact.is_closed("sms")


def test_whatsapp_with_pictures(connection: Connection) -> None:
    wrote(
        connection, From="whatsapp:+4930123456", To="whatsapp:+4930999999", ProfileName="Anna Schmidt",
        MediaUrl0="https://api.twilio.com/m/1", NumMedia="1",
    )  # fmt: skip

    message = Message.objects.get()
    assert (message.channel, message.from_address, message.media) == (
        "whatsapp", "+4930123456", ["https://api.twilio.com/m/1"],
    )  # fmt: skip
    assert Contact.objects.get().first_name == "Anna"


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
def test_in_whatever_order_reports_come_the_furthest_counts(
    connection: Connection, sent: Message, order: tuple[str, ...]
) -> None:
    for status in order:
        reported(connection, status)

    sent.refresh_from_db()
    assert sent.status == "read"


def test_a_text_that_did_not_arrive_is_an_event_once(connection: Connection, sent: Message) -> None:
    for status in ("undelivered", "failed", "undelivered"):
        reported(connection, status, ErrorCode="30005")

    sent.refresh_from_db()
    assert (sent.status, sent.error_code, sent.reason) == (
        "undelivered", "30005", "The number does not exist any more.",
    )  # fmt: skip
    assert Event.objects.get(type="sms.failed").data["error_code"] == "30005"


@pytest.mark.parametrize("status", ["queued", "sending", "accepted", "scheduled", "canceled", "x" * 500, "Ω"])
def test_other_states_change_nothing(connection: Connection, sent: Message, status: str) -> None:
    reported(connection, status)

    sent.refresh_from_db()
    assert sent.status == "sent"
    assert ProviderDelivery.objects.get().status == "ignored"


def test_a_report_on_what_we_do_not_know_breaks_nothing(connection: Connection) -> None:
    reported(connection, "delivered", MessageSid="SM404")

    assert ProviderDelivery.objects.get().status == "ignored"


def test_from_nobody_it_is_put_aside(connection: Connection) -> None:
    wrote(connection, From="", Body="")

    assert not Contact.objects.exists()
    assert ProviderDelivery.objects.get().status in ("ignored", "done")


def test_pictures_of_a_message_are_fetched_with_the_account_s_own_token(
    connection: Connection, settings: Any, httpserver: HTTPServer
) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK, settings.TWILIO_API_URL = True, httpserver.url_for("").rstrip("/")
    seen: list[Any] = []

    def media(request: Request) -> Response:
        seen.append(request.authorization)
        return Response(status=307, headers={"Location": "/cdn/x"})

    httpserver.expect_request("/2010-04-01/Media/ME1").respond_with_handler(media)
    httpserver.expect_request("/cdn/x").respond_with_data(b"\xff\xd8\xffjpeg", content_type="image/jpeg")

    wrote(connection, NumMedia="2", MediaUrl0=httpserver.url_for("/2010-04-01/Media/ME1"), MediaUrl1="http://x/a.png")
    sweeping.drain()

    first, second = Attachment.objects.order_by("pk")
    assert (first.name, first.status, first.file.read()) == ("ME1.jpg", "kept", b"\xff\xd8\xffjpeg")
    assert (seen[0].username, seen[0].password) == (ACCOUNT, calling.TOKEN)
    assert second.status == "left_out"
    assert Event.objects.get(type="message.customer_replied").data["attachments"] == 2
