"""Files at an address, fetched from a real HTTP server."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from conversations.inbound import fetching
from conversations.models import Attachment
from conversations.services import Incoming, receive_message
from triggers.models.event import Lane
from triggers.running.outcomes import DELAYS
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n...."


@pytest.fixture
def outside(settings: Any, httpserver: HTTPServer) -> HTTPServer:
    settings.OUTGOING_ALLOW_LOOPBACK = True
    return httpserver


def came(*urls: str) -> Attachment:
    make.contact(phone="+4930123456")
    receive_message(Incoming("sms", "+4930123456", "Look", gateway="g:1", provider_id="1", media=urls), NOW)
    return Attachment.objects.order_by("pk")[0]


def worked(row: Attachment, now: datetime = NOW) -> Attachment:
    while fetching.work(Lane.FAST, now):
        pass
    row.refresh_from_db()
    return row


def test_a_picture_is_fetched_once_and_named_by_its_type(outside: HTTPServer) -> None:
    outside.expect_request("/media/ME1").respond_with_data(PNG, content_type="image/png; q=1")
    row = came(outside.url_for("/media/ME1"))
    assert (row.status, make.last_event("message.customer_replied").data["attachments"]) == ("waiting", 1)

    worked(row)
    worked(row, NOW + timedelta(days=2))

    assert (row.status, row.name, row.content_type, row.size) == ("kept", "ME1.png", "image/png", len(PNG))
    assert row.file.read() == PNG
    assert len(outside.log) == 1


def test_what_opens_the_first_address_is_not_told_to_the_next(
    outside: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers.get("Authorization", ""))
        return Response("", 307, {"Location": "/there"}) if request.path == "/here" else Response(PNG)

    outside.expect_request("/here").respond_with_handler(answer)
    outside.expect_request("/there").respond_with_handler(answer)
    monkeypatch.setitem(fetching.openers, "g", lambda _gateway, _url: {"Authorization": "Basic eA=="})

    worked(came(outside.url_for("/here")))

    assert seen == ["Basic eA==", ""]


def test_a_passing_trouble_is_tried_again_by_plan_and_ends_with_its_address(outside: HTTPServer) -> None:
    outside.expect_request("/a.png").respond_with_data("", status=503)
    row, now = came(outside.url_for("/a.png")), NOW

    for delay in DELAYS:
        worked(row, now)
        assert (row.status, row.due_at, row.reason) == ("waiting", now + delay, "It was answered with 503.")
        now += delay
    worked(row, now)

    assert (row.status, row.due_at, row.source) == ("left_out", None, outside.url_for("/a.png"))
    assert fetching.retry(row, now)
    assert worked(row, now).tries == 1


@pytest.mark.parametrize(
    ("path", "answer", "why"),
    [
        ("/a.png", {"status": 410}, "It was answered with 410."),
        ("/a.png", {"response_data": "<html>"}, "It is not what its ending says."),
        ("/a.exe", {"response_data": "MZ"}, "Files of this kind are not kept."),
        ("/a.png", {"status": 302, "headers": {"Location": "/a.png"}},
         "It was sent on from one address to the next too often."),
        ("/a.png", {"status": 302, "headers": {"Location": "https://169.254.169.254/x"}}, "169.254.169.254"),
    ],
)  # fmt: skip
def test_what_cannot_be_had_says_why(outside: HTTPServer, path: str, answer: dict[str, Any], why: str) -> None:
    outside.expect_request(path).respond_with_data(**{"response_data": "", **answer})

    row = worked(came(outside.url_for(path)))

    assert row.status == "left_out"
    assert why in row.reason
    assert row.due_at is None
