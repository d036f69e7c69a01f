"""One exchange: what each failure and each answer makes of the action."""

import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from pytest_httpserver import HTTPServer

from triggers.action_types import Done, Fail, Hold, Outcome, Retry, Unsure
from triggers.models import Event
from triggers.outside import exchange
from triggers.outside.exchange import Failed, Time, failure, retry_after
from triggers.outside.net import Response, UnsafeUrl
from triggers.secrets import SecretUnreadable
from triggers.tests.receivers import receiver

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
URL = "https://api.example.com:8443/x?token=hush"


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = True


def ended(url: str, *, repeatable: bool = True, seconds: float = 5) -> Outcome:
    with pytest.raises(Failed) as failed:
        exchange.send("POST", url, {}, b"x", Time(seconds), repeatable=repeatable)
    return failed.value.outcome


def test_an_answer_is_returned_whatever_its_status(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("gone", 410)

    answer = exchange.send("PUT", httpserver.url_for("/"), {"X-A": "b"}, b"body", Time(5), repeatable=False)

    request, _response = httpserver.log[0]
    assert (answer.status, answer.body) == (410, b"gone")
    assert (request.method, request.headers["X-A"], request.data) == ("PUT", "b", b"body")


@pytest.mark.parametrize("repeatable", [True, False])
def test_what_was_not_sent_is_tried_again(repeatable: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert ended(f"http://127.0.0.1:{port}/", repeatable=repeatable) == Retry("127.0.0.1 refused the connection.")


@pytest.mark.parametrize("repeatable", [True, False])
def test_an_unsafe_url_fails(repeatable: bool) -> None:
    outcome = ended("ftp://example.com/", repeatable=repeatable)

    assert outcome == Fail("The URL does not start with https://. Write it like https://example.com/hook.")


@pytest.mark.parametrize(("repeatable", "kind"), [(True, Retry), (False, Unsure)])
def test_what_may_have_been_sent_is_repeated_or_uncertain(repeatable: bool, kind: type[Outcome]) -> None:
    with receiver(lambda client: None) as port:
        outcome = ended(f"http://127.0.0.1:{port}/", repeatable=repeatable)

    assert isinstance(outcome, kind)


def test_nothing_is_sent_when_the_time_is_over(httpserver: HTTPServer) -> None:
    outcome = ended(httpserver.url_for("/"), repeatable=False, seconds=0)

    assert outcome == Retry("The time allowed was over before the request could be sent.")
    assert httpserver.log == []


def answered(status: int, said: str = "", repeatable: bool = True, **headers: str) -> Outcome:
    return failure(URL, Response(status, headers, b"", 1), said, NOW, repeatable=repeatable)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (
            304,
            Fail("api.example.com answered 304, a redirect, and those are not followed. Enter the URL it leads to."),
        ),
        (400, Fail("api.example.com answered 400. the reason")),
        (404, Fail("api.example.com answered 404. the reason")),
        (408, Fail("api.example.com answered 408. the reason")),
        (410, Fail("api.example.com answered 410: it takes nothing more at this URL.", disable=True)),
        (429, Retry("api.example.com answered 429. the reason")),
        (500, Retry("api.example.com answered 500. the reason")),
        (503, Retry("api.example.com answered 503. the reason")),
        (599, Retry("api.example.com answered 599. the reason")),
    ],
)
def test_how_an_answer_ends_the_action(status: int, outcome: Outcome) -> None:
    assert answered(status, " the\n reason ") == outcome


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_hold(status: int) -> None:
    assert answered(status) == Hold(
        f"api.example.com refused the credentials with {status}. Repair them, then let it be called again."
    )


@pytest.mark.parametrize(
    ("status", "kind"), [(429, Retry), (503, Retry), (500, Unsure), (502, Unsure), (504, Unsure), (400, Fail)]
)
def test_what_may_not_be_repeated_is_uncertain_unless_nothing_was_done(status: int, kind: type[Outcome]) -> None:
    assert isinstance(answered(status, repeatable=False), kind)


def test_what_was_said_is_cut() -> None:
    assert answered(400, "x" * 5000) == Fail("api.example.com answered 400. " + "x" * 200)


def test_retry_after_is_passed_on() -> None:
    assert answered(503, **{"retry-after": "90"}) == Retry("api.example.com answered 503.", timedelta(seconds=90))


@pytest.mark.parametrize(
    ("value", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("0", None),
        ("Wed, 04 Mar 2026 10:05:00 GMT", timedelta(minutes=5)),
        ("Wednesday, 04-Mar-26 10:05:00 GMT", timedelta(minutes=5)),
        ("Wed Mar  4 10:05:00 2026", timedelta(minutes=5)),
        ("Wed, 04 Mar 2026 09:55:00 GMT", None),
        ("999999999", timedelta(hours=24)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=24)),
        ("9" * 400, None),
        ("-5", None),
        ("1.5", None),
        ("١٢", None),
        ("soon", None),
        ("Wed, 99 Mar 2026 10:05:00 GMT", None),
        ("", None),
    ],
)
def test_retry_after(value: str, pause: timedelta | None) -> None:
    assert retry_after(value, NOW) == pause


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Failed(Unsure("x")), Unsure("x")),
        (UnsafeUrl("bad"), Fail("bad")),
        (SecretUnreadable("lost"), Hold("lost")),
        (DatabaseError("locked"), Retry("Nothing was sent, for the database failed: locked")),
    ],
)
def test_each_way_to_fail_is_an_outcome(error: Exception, outcome: Outcome) -> None:
    def act() -> Outcome:
        raise error

    assert exchange.outcome_of(act) == outcome


def test_what_succeeds_is_returned_and_a_bug_is_not_hidden() -> None:
    assert exchange.outcome_of(lambda: Done("fine")) == Done("fine")
    with pytest.raises(ZeroDivisionError):
        exchange.outcome_of(lambda: Done(str(1 // 0)))


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (URL, "https://api.example.com:8443"),
        ("HTTPS://API.Example.com", "https://api.example.com"),
        ("/relative", ""),
        ("https://[", ""),
    ],
)
def test_receiver(url: str, found: str) -> None:
    assert exchange.receiver(url) == found


def test_marks() -> None:
    assert exchange.marks(Event(pk=7, depth=3)) == {"concours-event": "7", "concours-depth": "4"}


@pytest.mark.parametrize(
    ("body", "text"),
    [(b"\xef\xbb\xbfZo\xc3\xab", "Zoë"), (b"a\x00b\xff", "a\ufffdb\ufffd"), (b"", "")],
)
def test_text_of(body: bytes, text: str) -> None:
    assert exchange.text_of(body) == text
