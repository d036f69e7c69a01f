"""Mail that Amazon SES receives: within the notification, or fetched from S3 with a request signed as AWS wants it."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from conversations.models import Attachment, Message
from providers import receiving, working
from providers.base import Delivery
from providers.models import ProviderDelivery
from providers.ses import storage
from providers.tests import make, signers
from providers.tests.test_mails import ANNA, NOW, sent
from triggers.models import Event

pytestmark = pytest.mark.django_db
KEYS = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
BUCKET, OBJECT = "our-mail", "in/d6iitobk75ur44p8kdnnp7g2n800"
STORED = {"type": "S3", "bucketName": BUCKET, "objectKey": OBJECT, "objectKeyPrefix": "in/"}
PDF = b"%PDF-1.7 " + bytes(range(256)) * 800


def letter(ours: Message, text: str = "Grüße, yes please.") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Anna <{ANNA}>", "office@crm.example.org", "Re: Welcome"
    mail["Message-ID"], mail["In-Reply-To"] = "<a1@example.org>", ours.message_id
    mail.set_content(text, cte="quoted-printable")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="offer.pdf")
    return mail.as_bytes()


def told(action: Any, **more: Any) -> dict[str, Any]:
    """A notification as Amazon's page shows it."""
    verdict = {"status": "PASS"}
    return {
        "notificationType": "Received",
        "receipt": {
            "timestamp": "2027-03-10T12:00:00.000Z", "processingTimeMillis": 222, "recipients": ["office@crm.example.org"],
            "spamVerdict": verdict, "virusVerdict": verdict, "spfVerdict": verdict, "dkimVerdict": verdict, "action": action,
        },
        "mail": {
            "timestamp": "2027-03-10T12:00:00.000Z", "source": ANNA, "messageId": "d6iitobk75ur44p8kdnnp7g2n800",
            "destination": ["office@crm.example.org"], "headersTruncated": False, "headers": [],
        },
        **more,
    }  # fmt: skip


def take(message: Any, *, secrets: Any = None, times: int = 2, **options: Any) -> ProviderDelivery:
    connection = make.connection("ses", secrets=secrets or {}, **({"options": options} if options else {}))
    body = json.dumps(
        {
            "Type": "Notification", "MessageId": str(uuid4()), "TopicArn": signers.TOPIC,
            "Timestamp": "2027-03-10T12:00:00Z", "Message": message if isinstance(message, str) else json.dumps(message),
        }
    ).encode()  # fmt: skip
    for _try in range(times):
        receiving.take_in(connection, Delivery("POST", signers.URL, {"Content-Type": "text/plain"}, body), NOW)
        while working.go_on(NOW):
            pass
    return ProviderDelivery.objects.get(connection=connection)


@pytest.mark.parametrize("encoding", ["BASE64", "UTF-8", None])
def test_a_mail_within_the_notification_answers_ours(encoding: str | None) -> None:
    message = sent()
    raw = letter(message)
    content = b64encode(raw).decode() if encoding == "BASE64" else raw.decode()

    row = take(told({"type": "SNS", "topicArn": signers.TOPIC, "encoding": encoding}, content=content))

    assert (row.status, row.error, row.kind) == ("done", "", "Received")
    reply = Message.objects.get(direction="in")
    assert (reply.contact, reply.text) == (message.contact, "Grüße, yes please.")
    assert Event.objects.get(type="message.customer_replied").data["in_reply_to_message_id"] == message.pk
    assert Attachment.objects.get().file.read() == PDF
    assert row.data["raw"] == ""
    assert "content" not in row.data["message"]


@pytest.mark.parametrize("content", ["not base64!", "====", "Grüße"])
def test_base64_that_is_none_is_kept_for_a_person(content: str) -> None:
    assert take(told({"type": "SNS", "encoding": "BASE64"}, content=content)).status == "quarantined"


@pytest.mark.parametrize(
    "message",
    [
        told({"type": "SNS"}), told({"type": "SNS"}, content=None), told({"type": "SNS"}, content=7),
        told({"type": "SNS"}, content=""), told({"type": "S3"}), told({"type": "S3", "bucketName": "../x", "objectKey": "a"}),
        told({"type": "S3", "bucketName": "a..b", "objectKey": "a"}), told({"type": "S3", "bucketName": BUCKET, "objectKey": ""}),
        told({**STORED, "bucketName": "evil.example.org/"}), told({**STORED, "bucketName": ["x"]}),
    ],
)  # fmt: skip
def test_a_mail_that_is_nowhere_is_kept_for_a_person(message: Any) -> None:
    assert take(message, secrets=KEYS).status == "quarantined"
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "message", [told({"type": "Lambda"}), told(None), told([]), {"notificationType": "Received"}, "Hello", "null", "[]"]
)
def test_what_brings_no_mail_is_told_and_left(message: Any) -> None:
    row = take(message)

    assert row.status == "ignored"
    assert row.error


@pytest.fixture
def bucket(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, settings: Any) -> HTTPServer:
    settings.OUTGOING_ALLOW_LOOPBACK = settings.OUTGOING_ALLOW_HTTP = True
    monkeypatch.setattr(storage, "address", lambda name, key, _region: httpserver.url_for(f"/{name}/{quote(key)}"))
    return httpserver


def test_a_mail_in_s3_is_fetched_with_a_signed_request_and_answers_ours(bucket: HTTPServer) -> None:
    message = sent()
    seen: list[Request] = []

    def give(request: Request) -> Response:
        seen.append(request)
        return Response(letter(message))

    bucket.expect_request(f"/{BUCKET}/{OBJECT}").respond_with_handler(give)

    row = take(told(STORED), secrets=KEYS)

    assert (row.status, row.error) == ("done", "")
    assert Message.objects.get(direction="in").contact == message.contact
    assert Attachment.objects.get().file.read() == PDF
    # only the address of the mail lies with the delivery
    assert "raw" not in row.data
    assert len(seen) == 1
    assert (
        seen[0]
        .headers["Authorization"]
        .startswith(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20270310/eu-central-1/s3/aws4_request, SignedHeaders=host;"
        )
    )
    assert seen[0].headers["X-Amz-Date"] == "20270310T120000Z"


@pytest.mark.parametrize(
    ("answer", "status", "why"),
    [
        (Response("AccessDenied", 403), "waiting", "refused the access token"), (Response("", 503), "waiting", "503"),
        (Response("NoSuchKey", 404), "quarantined", "404"), (Response("", 301), "quarantined", "301"),
        (Response("x", 200, {"x-amz-meta-x-amz-key-v2": "x"}), "quarantined", "Switch encryption off"),
        (Response("", 200), "quarantined", "not kept"),
    ],
)  # fmt: skip
def test_what_s3_answers_otherwise_is_tried_again_or_kept(
    bucket: HTTPServer, answer: Response, status: str, why: str
) -> None:
    bucket.expect_request(f"/{BUCKET}/{OBJECT}").respond_with_response(answer)

    row = take(told(STORED), secrets=KEYS, times=1)

    assert row.status == status
    assert why in row.error
    assert KEYS["secret_access_key"] not in row.error
    assert not Message.objects.exists()


@pytest.mark.parametrize("secrets", [{}, {"access_key_id": "AKIAIOSFODNN7EXAMPLE"}])
def test_without_an_access_key_it_waits_for_one(bucket: HTTPServer, secrets: dict[str, str]) -> None:
    row = take(told(STORED), secrets=secrets, times=1)

    assert (row.status, row.due_at is not None) == ("waiting", True)
    assert "Enter an access key" in row.error
    assert bucket.log == []


def test_one_mail_told_twice_under_two_numbers_is_one_message(bucket: HTTPServer) -> None:
    raw = letter(sent())
    bucket.expect_request(f"/{BUCKET}/{OBJECT}").respond_with_data(raw)
    connection = make.connection("ses", secrets=KEYS)

    for n, message in enumerate((told(STORED), told({"type": "SNS"}, content=raw.decode()))):
        body = json.dumps(
            {"Type": "Notification", "MessageId": f"{n}", "TopicArn": signers.TOPIC, "Message": json.dumps(message)}
        ).encode()
        receiving.take_in(connection, Delivery("POST", signers.URL, {}, body), NOW)
        working.go_on(NOW)

    assert Message.objects.filter(direction="in").count() == 1
    assert Event.objects.filter(type="message.customer_replied").count() == 1


def test_a_request_is_signed_as_amazon_shows_it() -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, the first example."""
    headers = storage.signed(
        "https://examplebucket.s3.amazonaws.com/test.txt", "us-east-1", *KEYS.values(),
        datetime(2013, 5, 24, tzinfo=UTC), {"Range": "bytes=0-9"},
    )  # fmt: skip

    assert headers["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


@pytest.mark.parametrize(
    ("bucket_name", "key", "region", "url"),
    [
        ("our-mail", "in/a b+ü", "eu-central-1", "https://our-mail.s3.eu-central-1.amazonaws.com/in/a%20b%2B%C3%BC"),
        ("our.mail", "a", "us-east-1", "https://s3.us-east-1.amazonaws.com/our.mail/a"),
        ("our-mail", "a?x#y", "cn-north-1", "https://our-mail.s3.cn-north-1.amazonaws.com.cn/a%3Fx%23y"),
    ],
)
def test_where_an_object_lies(bucket_name: str, key: str, region: str, url: str) -> None:
    assert storage.address(bucket_name, key, region) == url


@pytest.mark.parametrize("region", ["", "eu", "eu-central-1.evil.example", "EU-CENTRAL-1", "x/y-1"])
def test_a_region_that_is_none_opens_nothing(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.asking, "ask", lambda *_given, **_more: pytest.fail("opened"))
    told_by = signers.TOPIC.replace("eu-central-1", region)
    connection = make.connection("ses", secrets=KEYS, account_id=told_by)

    with pytest.raises(storage.Unclear, match="region"):
        storage.get(connection, STORED, told_by, NOW)
