"""webhook.send: signed once, sent again unchanged, and every way a receiver can answer."""

import json
import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from pytest_httpserver import HTTPServer
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from werkzeug import Request, Response

from contacts.models import Contact
from triggers import operations, sweeping
from triggers.action_types import Outcome
from triggers.actions.webhook_send import WebhookSend
from triggers.models import Attempt, Destination, Event, OutgoingEndpoint, PreparedRequest, Run
from triggers.outside import endpoints
from triggers.run_context import RunContext
from triggers.running import calling
from triggers.tests import make
from triggers.tests.actions import play
from triggers.tests.receivers import receiver
from triggers.workflows import document

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> Iterator[None]:
    """Receivers on this machine, and a clock that shows NOW."""
    settings.OUTGOING_ALLOW_LOOPBACK = True
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def secret(httpserver: HTTPServer) -> str:
    """The secret of the endpoint “shop”, which the server stands for."""
    return endpoints.create("Shop", httpserver.url_for("/hook"))[1]


def send(who: Contact | None = None, now: datetime = NOW, **config: Any) -> Run:
    """A run with this one action, after its first try."""
    run = play.start(make.action("a1", "webhook.send", **{"endpoint": "shop", **config}), who=who, now=now)
    sweeping.drain(now)
    run.refresh_from_db()
    return run


def answer(server: HTTPServer, status: int, headers: dict[str, str] | None = None, body: str = "") -> None:
    server.expect_request("/hook").respond_with_data(body, status, headers)


def received(server: HTTPServer) -> list[Request]:
    return [request for request, _response in server.log]


def verified(request: Request, secret: str, moment: datetime) -> Any:
    """The payload, as a receiver with the reference library reads it at this moment."""
    with time_machine.travel(moment, tick=False):
        return Webhook(secret).verify(request.data, dict(request.headers))


def test_a_receiver_with_the_reference_library_accepts_it(httpserver: HTTPServer, secret: str) -> None:
    answer(httpserver, 200, body="thanks")

    run = send()

    [request] = received(httpserver)
    event = make.last_event("contact.tag_added")
    assert verified(request, secret, NOW) == {
        "type": "contact.tag_added",
        "timestamp": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "data": event.data,
    }
    done = run.actions.get()
    assert (request.method, request.headers["Content-Type"]) == ("POST", "application/json")
    assert (request.headers["webhook-id"], request.headers["webhook-timestamp"]) == (str(done.key), "1772618400")
    assert (run.status, done.summary, done.result) == (
        "done", "Sent “contact.tag_added” to Shop, which answered 200.", {"status": 200},
    )  # fmt: skip


def test_one_byte_changed_on_the_way_is_noticed(httpserver: HTTPServer, secret: str) -> None:
    answer(httpserver, 200)

    send()

    [request] = received(httpserver)
    with time_machine.travel(NOW, tick=False), pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(request.data.replace(b"VIP", b"VIQ"), dict(request.headers))


def test_what_was_sent_and_answered_is_kept_with_the_attempt(httpserver: HTTPServer, secret: str) -> None:
    answer(httpserver, 201, body="x" * 3000)
    OutgoingEndpoint.objects.update(url=httpserver.url_for("/hook?shop=7"))

    run = send()

    attempt = Attempt.objects.get()
    event = make.last_event("contact.tag_added")
    assert (attempt.number, attempt.outcome, attempt.status_code, attempt.response) == (1, "done", 201, "x" * 1000)
    assert attempt.request == {
        "method": "POST",
        "endpoint": "shop",
        "url": httpserver.url_for("/hook"),
        "headers": {
            "concours-event": str(event.pk),
            "concours-depth": "1",
            "webhook-id": str(run.actions.get().key),
            "webhook-timestamp": "1772618400",
            "webhook-signature": "[redacted]",
        },
        "body": json.loads(received(httpserver)[0].data),
    }


def test_the_depth_of_the_chain_travels_along(httpserver: HTTPServer, secret: str) -> None:
    answer(httpserver, 200)
    run = play.start(make.action("a1", "webhook.send", endpoint="shop"), now=NOW)
    Event.objects.filter(pk=run.event_id).update(depth=5)

    sweeping.drain(NOW)

    headers = received(httpserver)[0].headers
    assert (headers["concours-event"], headers["concours-depth"]) == (str(run.event_id), "6")


OWN = {"name": "Dear {{ contact.first_name }}", "score": "{{ contact.score }}", "tags": ["{{ event.tag }}", 7, None]}


def test_own_fields_keep_their_types(httpserver: HTTPServer, secret: str) -> None:
    answer(httpserver, 200)

    send(make.contact(first_name="Zoë \u2028", score=42), data=OWN, type="lead.scored")

    payload = verified(received(httpserver)[0], secret, NOW)
    assert (payload["type"], payload["data"]) == (
        "lead.scored", {"name": "Dear Zoë \u2028", "score": 42, "tags": ["VIP", 7, None]},
    )  # fmt: skip


def test_every_try_has_the_same_id_and_body_and_its_own_time(httpserver: HTTPServer, secret: str) -> None:
    answers = iter([503, 503, 200])
    httpserver.expect_request("/hook").respond_with_handler(lambda _request: Response(status=next(answers)))
    run = send(make.contact(), data=OWN)

    moments = [NOW]
    while run.status == "pending":
        Contact.objects.update(first_name=f"Renamed {len(moments)}", score=len(moments))
        moments.append(run.due_at)
        sweeping.drain(run.due_at)
        run.refresh_from_db()

    requests = received(httpserver)
    assert (run.status, len(requests)) == ("done", 3)
    assert {request.headers["webhook-id"] for request in requests} == {str(run.actions.get().key)}
    assert len({request.data for request in requests}) == 1
    assert len({request.headers["webhook-timestamp"] for request in requests}) == 3
    assert len({request.headers["webhook-signature"] for request in requests}) == 3
    for request, moment in zip(requests, moments, strict=True):
        assert verified(request, secret, moment)["data"]["name"] == "Dear Anna"


def test_a_try_lost_after_sending_is_repeated_to_the_byte(httpserver: HTTPServer, secret: str) -> None:
    answer(httpserver, 200)
    run = play.start(make.action("a1", "webhook.send", endpoint="shop", data=OWN), now=NOW)
    _taken, [call] = calling.take(1, NOW)
    doc = document.of_version(run.version_id)
    # The worker sends, and dies before it records anything.
    WebhookSend(endpoint="shop", data=OWN).run(
        RunContext(call.run, run.event, doc, doc.nodes["a1"], call.done.key, NOW)
    )
    Contact.objects.update(first_name="Renamed")

    sweeping.drain(NOW + timedelta(seconds=61))

    first, second = received(httpserver)
    assert (first.data, first.headers["webhook-id"]) == (second.data, second.headers["webhook-id"])
    assert Run.objects.get(pk=run.pk).status == "done"


def test_both_secrets_sign_while_one_replaces_the_other(httpserver: HTTPServer, secret: str) -> None:
    answer(httpserver, 200)
    endpoint = OutgoingEndpoint.objects.get()
    new = endpoints.rotate(endpoint, NOW)
    after = NOW + endpoints.OVERLAP

    send()
    send(now=after)

    during, later = received(httpserver)
    assert verified(during, secret, NOW)["type"] == verified(during, new, NOW)["type"] == "contact.tag_added"
    assert verified(later, new, after)["type"] == "contact.tag_added"
    with pytest.raises(WebhookVerificationError):
        verified(later, secret, after)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_success(httpserver: HTTPServer, secret: str, status: int) -> None:
    answer(httpserver, status)

    run = send()

    assert (run.status, run.vars["@a1"]) == ("done", {"status": status})


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_429_and_5xx_are_tried_again(httpserver: HTTPServer, secret: str, status: int) -> None:
    answer(httpserver, status, body="  too\n busy ")

    run = send()

    assert (run.status, run.actions.get().error) == ("pending", f"localhost answered {status}. too busy")
    assert timedelta(seconds=24) <= run.due_at - NOW <= timedelta(seconds=36)  # 30 s, give or take a fifth


@pytest.mark.parametrize("value", ["7200", "Wed, 04 Mar 2026 12:00:00 GMT"])
def test_retry_after_is_honoured(httpserver: HTTPServer, secret: str, value: str) -> None:
    answer(httpserver, 429, {"Retry-After": value})

    assert send().due_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_fails_and_is_not_followed(httpserver: HTTPServer, secret: str, status: int) -> None:
    answer(httpserver, status, {"Location": httpserver.url_for("/elsewhere")})

    run = send()

    assert (run.status, run.reason) == (
        "failed",
        f"localhost answered {status}, a redirect, and those are not followed. Enter the URL it leads to.",
    )
    assert len(httpserver.log) == 1


def test_410_switches_the_receiver_off(httpserver: HTTPServer, secret: str) -> None:
    answer(httpserver, 410)

    run = send()

    assert (run.status, run.reason) == ("failed", "localhost answered 410: it takes nothing more at this URL.")
    row = Destination.objects.get()
    assert (row.key, row.status) == (f"http://localhost:{httpserver.port} shop", "disabled")


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_hold_the_run_and_the_receiver(httpserver: HTTPServer, secret: str, status: int) -> None:
    answer(httpserver, status, body="bad signature")

    run = send()

    assert (run.status, run.due_at, run.reason) == (
        "held",
        None,
        f"localhost refused the credentials with {status}. Repair them, then let it be called again. bad signature",
    )
    assert Destination.objects.get().status == "held"


@pytest.mark.parametrize("status", [400, 404, 409, 422, 451])
def test_other_4xx_fail_with_what_was_said(httpserver: HTTPServer, secret: str, status: int) -> None:
    answer(httpserver, status, body="no such \x00 field" + "!" * 999)

    run = send()

    said = ("no such \ufffd field" + "!" * 999)[:200]
    assert (run.status, run.reason) == ("failed", f"localhost answered {status}. {said}")


def test_a_refused_connection_is_tried_again(secret: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    OutgoingEndpoint.objects.update(url=f"http://127.0.0.1:{port}/")

    run = send()

    assert (run.status, run.actions.get().error) == ("pending", "127.0.0.1 refused the connection.")


def test_a_connection_that_breaks_after_the_request_is_tried_again_with_the_same_id(secret: str) -> None:
    with receiver(lambda client: None) as port:
        OutgoingEndpoint.objects.update(url=f"http://127.0.0.1:{port}/")
        run = send()

    assert (run.status, run.actions.get().error.startswith("The connection to 127.0.0.1 broke:")) == ("pending", True)
    assert Attempt.objects.get().status_code is None


def test_a_url_that_is_not_public_fails_at_once(secret: str) -> None:
    OutgoingEndpoint.objects.update(url="https://169.254.169.254/latest/meta-data/")

    run = send()

    assert (run.status, run.reason) == (
        "failed", "169.254.169.254 is not a public address. Use a URL that can be reached from the internet.",
    )  # fmt: skip


def test_an_endpoint_that_is_switched_off_is_passed_over(httpserver: HTTPServer, secret: str) -> None:
    OutgoingEndpoint.objects.update(active=False)

    run = send()

    assert (run.status, run.actions.get().summary) == ("done", "Not sent: Shop is switched off.")
    assert (httpserver.log, PreparedRequest.objects.count()) == ([], 0)


def test_an_endpoint_that_is_gone_fails_the_run(httpserver: HTTPServer, secret: str) -> None:
    run = play.start(make.action("a1", "webhook.send", endpoint="shop"), now=NOW)
    OutgoingEndpoint.objects.all().delete()

    sweeping.drain(NOW)

    run.refresh_from_db()
    assert (run.status, run.reason) == (
        "failed", "There is no outgoing webhook “shop”. Add it, or choose another.",
    )  # fmt: skip


def test_a_secret_that_cannot_be_read_holds_the_run(httpserver: HTTPServer, secret: str, settings: Any) -> None:
    settings.SECRET_KEY = "another"

    run = send()

    assert (run.status, httpserver.log) == ("held", [])
    assert run.reason.startswith("A stored secret cannot be read with the present SECRET_KEY.")


def dry(event: Event) -> Outcome:
    """How a dry run for the event takes the action."""
    doc = document.read(make.document(make.action("a1", "webhook.send", endpoint="shop")))
    ctx = RunContext(Run(event=event), event, doc, doc.nodes["a1"], UUID(int=0), NOW, dry=True)
    return WebhookSend(endpoint="shop").simulate(ctx)


def test_20_kb_are_too_large_and_one_byte_less_is_not(httpserver: HTTPServer, secret: str) -> None:
    answer(httpserver, 200)
    envelope = len('{"type":"t","timestamp":"2026-03-04T10:00:00.000001Z","data":{"x":""}}')
    event = Event(pk=1, type="t", occurred_at=NOW.replace(microsecond=1), data={"x": "y" * (19_999 - envelope)})

    fits = dry(event)
    event.data = {"x": "y" * (20_000 - envelope)}
    too_large = dry(event)

    assert (type(fits).__name__, type(too_large).__name__) == ("Done", "Fail")
    assert too_large.why == "The webhook would be 20 kB or larger. Choose fewer fields of your own."  # type: ignore[union-attr]


def test_a_webhook_too_large_is_not_sent(httpserver: HTTPServer, secret: str) -> None:
    big = {f"f{n}": "{{ contact.city }}" for n in range(300)}

    run = send(make.contact(city="x" * 80), data=big)

    assert (run.status, httpserver.log) == ("failed", [])
    assert run.reason == "The webhook would be 20 kB or larger. Choose fewer fields of your own."


def test_a_run_tried_again_by_hand_after_a_refusal_sends_what_is_right_by_then(
    httpserver: HTTPServer, secret: str
) -> None:
    answers = iter([422, 200])
    httpserver.expect_request("/hook").respond_with_handler(lambda _request: Response(status=next(answers)))
    run = send(make.contact(), data=OWN)
    assert run.status == "failed"

    Contact.objects.update(first_name="Anne")
    operations.retry(run, now=NOW)
    sweeping.drain(NOW)

    first, second = received(httpserver)
    assert verified(second, secret, NOW)["data"]["name"] == "Dear Anne"
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert Run.objects.get(pk=run.pk).status == "done"


def test_the_secret_is_nowhere_but_sealed_in_its_row(
    httpserver: HTTPServer, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer(httpserver, 422, body="refused")

    send()

    assert "answered 422" in caplog.text
    assert "422" in dump()
    assert secret not in caplog.text
    assert secret.removeprefix("whsec_") not in dump()


def dump() -> str:
    """Every row of every table, as the database has it."""
    text = ""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            text += str(cursor.fetchall())
    return text


def test_the_receiver_is_told_by_its_host_and_its_endpoint(httpserver: HTTPServer, secret: str) -> None:
    assert WebhookSend(endpoint="shop").destination() == f"http://localhost:{httpserver.port} shop"
    assert WebhookSend(endpoint="lost").destination() == ""
    assert WebhookSend(endpoint="shop").may_repeat() is True


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"endpoint": "shop"}, "Sends “contact.tag_added” to Shop (http://localhost:{port})."),
        ({"endpoint": "shop", "type": "a.b"}, "Sends “a.b” to Shop (http://localhost:{port})."),
        ({"endpoint": "lost"}, "There is no outgoing webhook “lost”. Add it, or choose another."),
    ],
)
def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(
    httpserver: HTTPServer, secret: str, config: dict[str, str], said: str
) -> None:
    assert play.preview("webhook.send", **config) == said.format(port=httpserver.port)
    assert (httpserver.log, PreparedRequest.objects.count()) == ([], 0)


def test_a_dry_run_says_that_an_endpoint_is_switched_off(secret: str) -> None:
    OutgoingEndpoint.objects.update(active=False)

    assert play.preview("webhook.send", endpoint="shop") == "Not sent: Shop is switched off."


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({}, []),
        ({"data": OWN, "type": "lead.scored"}, []),
        ({"endpoint": "lost"}, [("endpoint", "There is no outgoing webhook “lost”. Add it, or choose another.")]),
        (
            {"data": {"x": "y" * 20_000}},
            [("data", "The webhook would be 20 kB or larger. Choose fewer fields of your own.")],
        ),
        ({"url": "https://example.com/"}, [("url", "There is no such setting here; remove it or check its spelling.")]),
    ],
)
def test_problems(secret: str, config: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert play.problems("webhook.send", **{"endpoint": "shop", **config}) == found


def test_fields_that_are_not_json_and_texts_that_cannot_be_read_are_told_at_their_place(secret: str) -> None:
    assert play.problems("webhook.send", endpoint="shop", data={"x": float("nan")}) == [
        ("data", "The fields are not JSON, or nested too deep.")
    ]
    assert [
        path for path, _why in play.problems("webhook.send", endpoint="shop", data={"x": ["{{ contact.nme }}"]})
    ] == ["data.x[0]"]
