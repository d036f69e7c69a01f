"""`/in/<token>/` over HTTP: what is answered to whom, and that nothing refused is kept."""

import base64
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client
from standardwebhooks import Webhook

from capture import services
from capture.models import InboundRequest, InboundWebhook
from capture.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts_make
from triggers.models import Event

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MIA = {"contact": {"email": "mia@example.org", "first_name": "Mia"}}
SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def refused(answer: Any, status: int, detail: str) -> None:
    """The answer is this problem document, and nothing was kept."""
    document = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (document["status"], document["detail"]) == (status, detail)
    assert not Event.objects.exists()
    assert not InboundRequest.objects.exists()


def signed(body: bytes, secret: str = SECRET, at: datetime = NOON, number: str = "msg_1") -> dict[str, str]:
    """Standard Webhooks' headers, made by the library of its authors."""
    return {
        "webhook_id": number,
        "webhook_timestamp": str(int(at.timestamp())),
        "webhook_signature": Webhook(secret).sign(number, at, body.decode()),
    }


def test_a_json_post_is_taken() -> None:
    _webhook, token = make.mapped()

    answer = make.post(token, MIA)

    event = make.events()[0]
    assert answer.status_code == 202
    assert answer.json() == {"event_id": event.pk, "contact_id": Contact.objects.get().pk, "duplicate": False}
    assert (event.data["body"], event.data["content_type"]) == (MIA, "application/json")


@pytest.mark.parametrize(("given", "depth"), [("3", 3), ("500", 9), ("-1", 0), ("", 0), ("many", 0)])
def test_a_loop_through_the_outside_brings_its_depth_along(given: str, depth: int) -> None:
    _webhook, token = make.mapped()

    make.post(token, MIA, concours_depth=given)

    assert {event.depth for event in Event.objects.all()} == {depth}


def test_without_a_contact_the_answer_names_none() -> None:
    _webhook, token = make.webhook()

    assert make.post(token, MIA).json() == {"event_id": make.events()[0].pk, "duplicate": False}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"email=mia%40example.org&tags[]=a&tags[]=b"),
        (
            "multipart/form-data; boundary=edge",
            b'--edge\r\nContent-Disposition: form-data; name="email"\r\n\r\nmia@example.org\r\n'
            b'--edge\r\nContent-Disposition: form-data; name="tags"\r\n\r\na\r\n'
            b'--edge\r\nContent-Disposition: form-data; name="tags"\r\n\r\nb\r\n--edge--\r\n',
        ),
    ],
)
def test_a_form_is_taken(content_type: str, body: bytes) -> None:
    _webhook, token = make.webhook(mapping={"email": "email", "tags": "tags"})

    answer = make.post(token, body, content_type, "?utm_source=letter")

    assert answer.status_code == 202
    assert make.events()[0].data["body"] == {"email": "mia@example.org", "tags": ["a", "b"]}
    assert make.events()[0].data["query"] == {"utm_source": "letter"}
    assert sorted(Contact.objects.get().tags.values_list("name", flat=True)) == ["a", "b"]


def test_the_address_works_without_its_last_slash() -> None:
    _webhook, token = make.webhook()

    answer = Client().post(f"/in/{token}", MIA, content_type="application/json")

    assert answer.status_code == 202


def test_the_same_post_again_is_a_duplicate() -> None:
    _webhook, token = make.mapped()
    first = make.post(token, MIA, idempotency_key="k1")

    again = make.post(token, MIA, idempotency_key="k1")

    assert again.status_code == 202
    assert again.json() == {**first.json(), "duplicate": True}
    assert len(make.events()) == 1


def test_the_same_id_with_another_body_is_refused() -> None:
    _webhook, token = make.mapped()
    make.post(token, MIA, idempotency_key="k1")

    answer = make.post(token, {"contact": {"email": "eve@example.org"}}, idempotency_key="k1")

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["detail"] == (
        "The delivery “k1” came before with other content. Send new content under a new id."
    )
    assert [request.status for request in InboundRequest.objects.order_by("pk")] == ["done", "ignored"]
    assert len(make.events()) == 1


def test_an_unknown_token_is_nothing() -> None:
    webhook, _token = make.webhook()

    for token in ("unknown", webhook.token_digest, "x" * 3000, "%00"):
        refused(make.post(token, MIA), 404, "There is nothing at this address, or not any more.")


def test_a_webhook_that_is_switched_off_is_gone() -> None:
    _webhook, token = make.webhook(active=False)

    refused(make.post(token, MIA), 410, "This inbound webhook is switched off. Ask its owner to switch it on.")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_posts_are_taken(method: str) -> None:
    _webhook, token = make.webhook()

    answer = Client().generic(method, f"/in/{token}/?email=mia@example.org")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert not InboundRequest.objects.exists()


def test_a_get_is_taken_where_it_is_allowed() -> None:
    _webhook, token = make.webhook(allow_get=True, mapping={"email": "query.email"})

    answer = Client().get(f"/in/{token}/?email=mia@example.org")
    head = Client().head(f"/in/{token}/?email=eve@example.org")

    assert answer.status_code == 202
    assert (make.events()[0].data["method"], make.events()[0].data["body"]) == ("GET", {})
    assert Contact.objects.get().email == "mia@example.org"
    assert (head.status_code, head["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"not json", "This is not JSON, at line 1 column 1: Expecting value."),
        (b'{"a": 1,}', "This is not JSON, at line 1 column 9: Expecting property name enclosed in double quotes."),
        (b"\xff\xfe", "Byte 0 is not UTF-8; send the JSON as UTF-8."),
        (b'{"a": 1, "a": 2}', "The key “a” stands twice in one object; keep one."),
        (b"[" * 100_000, "Objects and lists may nest at most 32 deep."),
        (b'{"a": ' * 33 + b"1" + b"}" * 33, "Objects and lists may nest at most 32 deep."),
        (b"{" + b",".join(b'"k%d":1' % n for n in range(10_000)) + b"}", "An object may have at most 1000 keys."),
        (
            b"[1, 2]",
            'Send a JSON object, such as {"email": "anna@example.com"}, not a list or a single value.',
        ),
        (b'{"a": 1e999}', "The number 1e999… is too long or too large; send at most 30 digits."),
        (b'{"a": ' + b"9" * 100_000 + b"}", "A number may have at most 30 digits."),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_kept(body: bytes, detail: str) -> None:
    _webhook, token = make.mapped()
    started = time.perf_counter()

    answer = make.post(token, body)

    refused(answer, 400, detail)
    assert time.perf_counter() - started < 30


@pytest.mark.parametrize(
    "value", [None, True, 5, -1.5, [], {}, [[]], [{"email": "x"}], "", "\u202e\U0001f600", "x" * 60_000]
)
def test_wrong_types_are_taken_and_told(value: Any) -> None:
    contacts_make.field("v", "money", currency="EUR")
    _webhook, token = make.webhook(
        mapping=dict.fromkeys(("email", "phone", "first_name", "country", "birth_date", "tags", "custom.v"), "v")
    )

    answer = make.post(token, {"v": value})

    assert answer.status_code == 202
    assert make.events()[0].data["body"] == {"v": value}


def test_a_body_that_is_too_large_is_refused_unread() -> None:
    _webhook, token = make.webhook()
    detail = "The body may have at most 262144 bytes; send less at once."

    refused(make.post(token, b'{"a": "' + b"x" * 10_000_000 + b'"}'), 413, detail)
    refused(make.post(token, b" " * 262_143 + b"{}"), 413, detail)
    assert make.post(token, b" " * 262_142 + b"{}").status_code == 202


def test_a_compressed_body_and_an_unknown_type_are_refused() -> None:
    _webhook, token = make.webhook()

    refused(
        make.post(token, b"\x1f\x8b", content_encoding="gzip"),
        415,
        "Compressed bodies are not taken; send the JSON as it is, without Content-Encoding.",
    )
    refused(make.post(token, "<a/>", "text/xml"), 415, "Send application/json or a form, not text/xml.")


def test_a_standard_signature_is_asked_for_and_checked() -> None:
    _webhook, token = make.mapped(signature="standard", secret=SECRET)
    body = json.dumps(MIA).encode()

    answer = make.post(token, body, **signed(body))

    assert answer.status_code == 202
    assert make.events()[0].data["delivery_id"] == "msg_1"
    again = make.post(token, body, **signed(body, at=NOON + timedelta(seconds=60)))
    assert again.json() == {**answer.json(), "duplicate": True}


BODY = json.dumps(MIA).encode()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY, {}),
        (BODY, signed(BODY, secret=OTHER)),
        (BODY + b" ", signed(BODY)),
        (json.dumps(MIA, indent=1).encode(), signed(BODY)),
        (BODY, {**signed(BODY), "webhook_id": "msg_2"}),
        (BODY, {**signed(BODY), "webhook_timestamp": str(int(NOON.timestamp()) + 1)}),
        (BODY, signed(BODY, at=NOON - timedelta(seconds=301))),
        (BODY, signed(BODY, at=NOON + timedelta(seconds=301))),
        (BODY, {**signed(BODY), "webhook_signature": signed(BODY)["webhook_signature"][:-4]}),
        (BODY, {**signed(BODY), "webhook_signature": "v1,ä"}),
        (b"\xff", signed(BODY)),
    ],
)
def test_a_wrong_standard_signature_is_refused_and_its_body_not_logged(
    body: bytes, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    webhook, token = make.mapped(signature="standard", secret=SECRET)

    answer = make.post(token, body, **headers)

    refused(
        answer,
        401,
        "The signature does not fit, or is older than five minutes. Sign as Standard Webhooks says, with the"
        " secret of this webhook, and send at once.",
    )
    assert f"Inbound webhook {webhook.pk}: signature refused, {len(body)} bytes" in caplog.text
    assert "mia@example.org" not in caplog.text
    assert token not in caplog.text


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({}, {"x_signature": "sha256=" + hmac.digest(b"s3cret", BODY, "sha256").hex()}),
        (
            {"hmac_header": "X-Shop-Hmac", "hmac_prefix": "", "hmac_encoding": "base64"},
            {"x_shop_hmac": base64.b64encode(hmac.digest(b"s3cret", BODY, "sha256")).decode()},
        ),
    ],
)
def test_an_hmac_signature_is_checked_where_the_webhook_says(fields: dict[str, str], headers: dict[str, str]) -> None:
    _webhook, token = make.webhook(signature="hmac", secret="s3cret", **fields)

    bad = make.post(token, BODY + b" ", **headers)
    header = fields.get("hmac_header", "X-Signature")

    refused(
        bad,
        401,
        f"The signature in {header} does not fit the body. Sign the raw bytes with the secret of this webhook.",
    )
    assert make.post(token, BODY, **headers).status_code == 202
    assert make.post(token, BODY, **headers).json()["duplicate"] is True


def test_without_a_secret_nothing_is_taken() -> None:
    webhook, token = make.webhook(signature="hmac", secret="s3cret")
    InboundWebhook.objects.filter(pk=webhook.pk).update(secret="")

    empty = "sha256=" + hmac.digest(b"", BODY, "sha256").hex()

    assert make.post(token, BODY, x_signature=empty).status_code == 401


def test_a_secret_that_cannot_be_read_takes_nothing(settings: Any) -> None:
    _webhook, token = make.webhook(signature="hmac", secret="s3cret")
    settings.SECRET_KEY = "another one altogether"

    answer = make.post(token, BODY, x_signature="sha256=" + hmac.digest(b"s3cret", BODY, "sha256").hex())

    assert answer.status_code == 500
    assert not InboundRequest.objects.exists()


def test_the_previous_secret_is_taken_for_a_day() -> None:
    webhook, token = make.webhook(signature="standard", secret=SECRET)
    webhook.secret = OTHER
    services.keep_previous_secret(webhook, NOON)
    webhook.save()

    def status(secret: str, number: str, at: datetime) -> int:
        with time_machine.travel(at, tick=False):
            return make.post(token, BODY, **signed(BODY, secret, at, number)).status_code

    later = NOON + timedelta(hours=24)
    assert status(OTHER, "m1", NOON) == 202
    assert status(SECRET, "m2", later - timedelta(seconds=1)) == 202
    assert status(SECRET, "m3", later) == 401
    assert status(OTHER, "m4", later) == 202


def test_the_previous_token_is_taken_for_a_day() -> None:
    webhook, old = make.webhook()
    new = services.rotate(webhook, NOON)

    def status(token: str, at: datetime) -> int:
        with time_machine.travel(at, tick=False):
            return make.post(token, {"at": at.isoformat()}).status_code

    later = NOON + timedelta(hours=24)
    assert (status(old, NOON), status(new, NOON)) == (202, 202)
    assert status(old, later - timedelta(seconds=1)) == 202
    assert (status(old, later), status(new, later)) == (404, 202)


def test_too_many_in_a_minute_are_put_off_before_anything_is_stored() -> None:
    _webhook, token = make.webhook(per_minute=2)

    answers = [make.post(token, {"n": n}, x_forwarded_for=f"203.0.113.{n}") for n in range(5)]

    assert [answer.status_code for answer in answers] == [202, 202, 429, 429, 429]
    assert all(1 <= int(answer["Retry-After"]) <= 90 for answer in answers[2:])
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert InboundRequest.objects.count() == 2
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert make.post(token, {"n": 5}).status_code == 202


def test_who_cannot_sign_does_not_use_up_the_senders_turns() -> None:
    _webhook, token = make.webhook(per_minute=1, signature="standard", secret=SECRET)
    for _attempt in range(3):
        assert make.post(token, BODY).status_code == 401

    assert make.post(token, BODY, **signed(BODY)).status_code == 202


def test_cookies_count_for_nothing_and_none_are_set() -> None:
    _webhook, token = make.mapped()
    client = Client(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.create_superuser("boss"))

    answer = client.post(f"/in/{token}/", MIA, content_type="application/json")

    assert answer.status_code == 202
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert {event.actor for event in Event.objects.all()} == {"provider"}


def test_a_busy_database_is_told_as_such_and_the_next_try_works(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from contacts import leads

    _webhook, token = make.mapped()

    def busy(*_args: object) -> None:
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(leads.services, "create", busy)
    refused(make.post(token, MIA), 503, "The database is busy; try again in a few seconds.")

    monkeypatch.undo()
    assert make.post(token, MIA).status_code == 202
