"""Asking a provider's API over real HTTP: what each answer means, and what is told of it."""

import socket
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer

from providers import asking
from providers.frame import Later, Unclear
from providers.tests.signers import NOW

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _loopback(settings) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = settings.OUTGOING_ALLOW_HTTP = True


def ask(server: HTTPServer, status: int, body: bytes = b"{}", **headers: str):
    server.expect_oneshot_request("/thing").respond_with_data(body, status, headers)
    return asking.get(server.url_for("/thing?secret=hush"), {"Authorization": "Bearer hush"}, NOW)


def test_an_object_is_read(httpserver: HTTPServer) -> None:
    assert ask(httpserver, 200, b'{"id": "1"}') == {"id": "1"}
    httpserver.check()
    request, _answer = httpserver.log[0]
    assert request.headers["Authorization"] == "Bearer hush"


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b"{", b"[" * 10_000, b'{"a": "' + b"x" * 70_000 + b'"}'])
def test_anything_else_is_unclear(httpserver: HTTPServer, body: bytes) -> None:
    with pytest.raises(Unclear):
        ask(httpserver, 200, body)


@pytest.mark.parametrize(
    ("status", "headers", "after"),
    [
        (500, {}, None),
        (503, {"Retry-After": "90"}, timedelta(seconds=90)),
        (429, {}, None),
        (401, {}, HOUR),
        (403, {}, HOUR),
    ],
)
def test_what_may_pass_is_for_later(httpserver: HTTPServer, status: int, headers, after) -> None:
    with pytest.raises(Later) as told:
        ask(httpserver, status, b'{"error": "no"}', **headers)

    assert told.value.after == after
    assert str(status) in str(told.value) or "access token" in str(told.value)
    assert "hush" not in str(told.value)


@pytest.mark.parametrize(("status", "body", "code"), [(400, b'{"error": {"code": 190}}', 190), (404, b"<html>", None),
                                                      (302, b"[]", None), (400, b'{"error": []}', None)])  # fmt: skip
def test_any_other_answer_is_refused(httpserver: HTTPServer, status: int, body: bytes, code: int | None) -> None:
    with pytest.raises(asking.Refused) as told:
        ask(httpserver, status, body)

    assert told.value.code == code


def test_nobody_there_is_for_later() -> None:
    # Bound and not listening: nobody else can get the port meanwhile, and nobody answers.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/thing"
        with pytest.raises(Later):
            asking.get(address, {}, NOW)


def test_a_private_address_is_never_asked(settings) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = False

    with pytest.raises(Unclear):
        asking.get("http://127.0.0.1:9/thing", {}, NOW)
