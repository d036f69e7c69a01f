"""A gateway set up by staff, against a real HTTP server."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from conversations.http_gateway import PostingGateway, body_fault, found_at
from conversations.models import ChannelSetting, HttpGateway, Message
from triggers.action_types import Done, Fail, Hold, Retry, Unsure
from triggers.models import Credential
from triggers.tests import make
from triggers.tests.receivers import receiver

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = True


def gateway(url: str, **values: Any) -> PostingGateway:
    return PostingGateway(HttpGateway.objects.create(**{"name": "Texts", "slug": "texts", "url": url, **values}))


def text(**values: Any) -> Message:
    return Message.objects.create(
        **{
            "contact": make.contact(), "direction": "out", "channel": "sms", "key": uuid4(), "text": "Hello {{ you }}",
            "to_address": "+4930123456", "from_address": "Shop", **values,
        }
    )  # fmt: skip


def test_a_text_is_posted_with_its_key_and_the_credential(httpserver: HTTPServer) -> None:
    seen: list[Request] = []
    httpserver.expect_request("/send", method="POST").respond_with_handler(
        lambda request: seen.append(request) or Response(json.dumps({"messages": [{"id": 77}]}), 201)
    )
    key = Credential.objects.create(name="K", slug="k", kind="bearer", hosts="localhost", secret="s3cret-of-theirs")
    message = text()

    delivery = gateway(httpserver.url_for("/send"), credential=key, id_path="messages.0.id").send(
        message, message.key, NOW
    )

    assert isinstance(delivery.outcome, Done)
    assert (delivery.code, delivery.provider_id) == (201, "77")
    [request] = seen
    assert request.json == {
        "to": "+4930123456", "from": "Shop", "text": "Hello {{ you }}", "reference": str(message.key),
    }  # fmt: skip
    assert request.headers["Idempotency-Key"] == str(message.key)
    assert request.headers["Authorization"] == "Bearer s3cret-of-theirs"


def test_form_fields_may_be_lists(httpserver: HTTPServer) -> None:
    seen: list[dict[str, list[str]]] = []
    httpserver.expect_request("/send").respond_with_handler(
        lambda request: seen.append(request.form.to_dict(flat=False)) or Response("ok")
    )
    body = {"Body": "{{ text }}", "MediaUrl": "{{ media }}"}
    message = text(media=["https://example.org/a.png", "https://example.org/b.png"], text="Look & see")

    gateway(httpserver.url_for("/send"), format="form", body=body).send(message, message.key, NOW)

    assert seen == [{"Body": ["Look & see"], "MediaUrl": ["https://example.org/a.png", "https://example.org/b.png"]}]


@pytest.mark.parametrize(
    ("status", "honours", "kind"),
    [
        (400, False, Fail), (401, False, Hold), (410, False, Fail), (302, False, Fail), (429, False, Retry),
        (503, False, Retry), (500, False, Unsure), (500, True, Retry),
    ],
)  # fmt: skip
def test_what_an_answer_means(httpserver: HTTPServer, status: int, honours: bool, kind: type) -> None:
    httpserver.expect_request("/send").respond_with_data("no such number", status)
    message = text()

    delivery = gateway(httpserver.url_for("/send"), honours_key=honours).send(message, message.key, NOW)

    assert type(delivery.outcome) is kind
    assert (delivery.code, delivery.reply, delivery.error_code) == (status, "no such number", str(status))


@pytest.mark.parametrize(("honours", "kind"), [(False, Unsure), (True, Retry)])
def test_a_connection_that_breaks_leaves_it_open_unless_the_key_is_honoured(honours: bool, kind: type) -> None:
    message = text()

    with receiver(lambda client: client.close()) as port:
        url = f"http://127.0.0.1:{port}/send"
        delivery = gateway(url, honours_key=honours).send(message, message.key, NOW)

    assert type(delivery.outcome) is kind


def test_nobody_listening_has_sent_nothing() -> None:
    with receiver(lambda client: None) as port:
        pass
    message = text()

    delivery = gateway(f"http://127.0.0.1:{port}/send").send(message, message.key, NOW)

    assert isinstance(delivery.outcome, Retry)


@pytest.mark.parametrize(
    ("body", "format", "why"),
    [
        ([], "json", "Write a JSON object"), ({}, "json", "Write a JSON object"),
        ({"text": "hello"}, "json", "nothing would be said"),
        ({"text": "{{ txt }}"}, "json", "is not a merge field"), ({"text": "{{ text"}, "json", ""),
        ({"a": {"text": "{{ text }}"}}, "form", "flat"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_filled_is_refused(body: Any, format: str, why: str) -> None:
    fault = body_fault(body, format)

    assert fault
    assert why in fault


def test_a_body_with_marks_anywhere_is_good() -> None:
    assert body_fault({"to": ["{{ to }}"], "content": {"body": "Shop: {{ text }}", "n": 1}}, "json") == ""


@pytest.mark.parametrize(
    ("tree", "path", "found"),
    [
        ({"id": "a"}, "id", "a"), ({"id": 5}, "id", "5"), ({"m": [{"id": "x"}]}, "m.0.id", "x"), ({"id": "a"}, "", ""),
        ({"id": "a"}, "id.b", ""), ([], "0", ""), ("text", "id", ""), (None, "id", ""), ({"id": True}, "id", ""),
        ({"id": {}}, "id", ""),
    ],
)  # fmt: skip
def test_where_the_answer_has_the_number(tree: Any, path: str, found: str) -> None:
    assert found_at(tree, path) == found


def test_a_gateway_is_checked_when_it_is_saved() -> None:
    other = Credential.objects.create(name="Other", slug="o", kind="bearer", hosts="other.example.com", secret="x" * 12)
    row = HttpGateway(name="T", slug="t", url="https://api.example.com/x", body={"a": "b"}, credential=other)

    with pytest.raises(ValidationError) as caught:
        row.full_clean()

    assert set(caught.value.message_dict) == {"body", "credential"}
    assert caught.value.message_dict["credential"] == [
        "“Other” is not for api.example.com. Add the host to it, or choose another."
    ]


def test_a_channel_takes_no_gateway_that_is_gone() -> None:
    with pytest.raises(ValidationError) as caught:
        ChannelSetting(channel="sms", gateway="http:gone").full_clean()

    assert set(caught.value.message_dict) == {"gateway"}
