"""http.request: any API, with credentials that are never written down, at most once where it must be."""

import base64
import json
import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from contacts.models import Contact
from triggers import operations, sweeping
from triggers.actions.http_request import HttpRequest
from triggers.models import Attempt, Credential, Destination, PreparedRequest, Run
from triggers.running import calling
from triggers.tests import make
from triggers.tests.actions import play
from triggers.tests.receivers import receiver

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SECRET = "s3cret-Of-the=shop"


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> Iterator[None]:
    """Receivers on this machine, and a clock that shows NOW."""
    settings.OUTGOING_ALLOW_LOOPBACK = True
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def url(httpserver: HTTPServer) -> str:
    return httpserver.url_for("/api")


def call(url: str, who: Contact | None = None, then: list[dict[str, Any]] | None = None, **config: Any) -> Run:
    """A run with this action and what follows, after the first try."""
    run = play.start(make.action("a1", "http.request", url=url, **config), *(then or []), who=who, now=NOW)
    sweeping.drain(NOW)
    run.refresh_from_db()
    return run


def answer(server: HTTPServer, status: int = 200, body: Any = None, **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    server.expect_request("/api").respond_with_data(json.dumps(body), status, named, content_type="application/json")


def answers(server: HTTPServer, *statuses: int) -> None:
    left = iter(statuses)
    server.expect_request("/api").respond_with_handler(lambda _request: Response(status=next(left)))


def received(server: HTTPServer) -> list[Request]:
    return [request for request, _response in server.log]


def credential(kind: str, **values: Any) -> Credential:
    given = {"name": "Shop", "slug": "shop", "hosts": "localhost 127.0.0.1", "secret": SECRET, "kind": kind, **values}
    return Credential.objects.create(**given)


FOUND = {"field": "actions.a1.body.found", "op": "is", "value": "true"}


def test_a_get_is_made_and_its_answer_is_there_for_later_actions_and_branches(httpserver: HTTPServer, url: str) -> None:
    answer(httpserver, body={"person": {"id": 7, "tags": ["a", "b"]}, "found": True}, ETag='"x"', Set_Cookie="hush=1")
    then = [
        make.action("a2", "data.set", values={"id": "{{ actions.a1.body.person.id }}"}),
        {
            "uid": "b", "else": [],
            "branch": [{"uid": "yes", "if": FOUND, "then": []}],
        },
    ]  # fmt: skip

    run = call(url, then=then)

    [request] = received(httpserver)
    assert (request.method, request.full_path, request.data) == ("GET", "/api?", b"")
    assert request.headers["Accept"] == "application/json"
    assert {"Idempotency-Key", "Content-Type", "Authorization"}.isdisjoint(dict(request.headers))
    first = run.actions.get(uid="a1")
    assert (first.status, first.summary) == ("done", "localhost answered 200.")
    assert first.result == {
        "status": 200,
        "headers": {"content_type": "application/json", "etag": '"x"'},
        "body": {"person": {"id": 7, "tags": ["a", "b"]}, "found": True},
    }
    assert (run.vars["id"], run.actions.get(uid="b").outcome) == (7, "yes")


def test_merge_fields_stand_escaped_in_path_query_headers_and_body(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/p/Zoë & ?x=1/é").respond_with_json({})
    who = make.contact(first_name="Zoë & ?x=1", last_name="Ö&b=2", score=3)

    call(
        httpserver.url_for("/p/") + "{{ contact.first_name }}/é?q={{ contact.last_name }}&z=1",
        who, method="POST", query={"r": "{{ contact.last_name }}"}, headers={"X-Score": "no. {{ contact.score }}"},
        body={"n": "{{ contact.score }}", "list": [{"who": "Hi {{ contact.first_name }}"}, None, 1.5]},
    )  # fmt: skip

    [request] = received(httpserver)
    assert request.path == "/p/Zoë & ?x=1/é"
    assert dict(request.args) == {"q": "Ö&b=2", "z": "1", "r": "Ö&b=2"}
    assert (request.headers["X-Score"], request.headers["Content-Type"]) == ("no. 3", "application/json")
    assert request.json == {"n": 3, "list": [{"who": "Hi Zoë & ?x=1"}, None, 1.5]}


@pytest.mark.parametrize(
    ("city", "why"),
    [
        ("", "{{ contact.city }} is empty, and the URL needs it."),
        ("..", "The path of the URL holds “.” or “..”, which leads elsewhere. Take it out."),
    ],
)
def test_a_merge_field_that_would_lead_elsewhere_fails_before_anything_is_sent(
    httpserver: HTTPServer, url: str, city: str, why: str
) -> None:
    run = call(f"{url}/{{{{ contact.city }}}}", make.contact(city=city), method="DELETE")

    assert (run.status, run.reason, httpserver.log) == ("failed", why, [])


def test_a_header_value_of_two_lines_becomes_one_and_one_outside_ascii_fails(httpserver: HTTPServer, url: str) -> None:
    answer(httpserver)
    headers = {"X-City": "{{ contact.city }}"}

    fine = call(url, make.contact(city="a\r\nX-Evil: 1"), headers=headers)
    refused = call(url, make.contact(city="Köln"), headers=headers)

    [first] = received(httpserver)
    assert (fine.status, first.headers["X-City"], "X-Evil" in first.headers) == ("done", "a X-Evil: 1", False)
    assert (refused.status, refused.reason) == (
        "failed", "The value of X-City is not one line of plain ASCII without spaces around it.",
    )  # fmt: skip


def test_own_headers_take_the_place_of_the_usual_ones(httpserver: HTTPServer, url: str) -> None:
    answer(httpserver)

    call(url, method="POST", body=[], headers={"content-type": "application/vnd.api+json", "ACCEPT": "text/plain"})

    headers = received(httpserver)[0].headers
    assert (headers["Content-Type"], headers["Accept"]) == ("application/vnd.api+json", "text/plain")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_try_has_the_same_key_and_the_same_bytes(httpserver: HTTPServer, url: str, method: str) -> None:
    answers(httpserver, 503, 429, 200)
    run = call(url, make.contact(), method=method, body={"name": "{{ contact.first_name }}"})

    while run.status == "pending":
        Contact.objects.update(first_name=f"Renamed at {run.due_at}")
        sweeping.drain(run.due_at)
        run.refresh_from_db()

    requests = received(httpserver)
    assert (run.status, len(requests), {request.method for request in requests}) == ("done", 3, {method})
    assert {request.headers["Idempotency-Key"] for request in requests} == {str(run.actions.get().key)}
    assert {request.data for request in requests} == {b'{"name": "Anna"}'}


REPEATABLE = [
    ({"method": "GET"}, True),
    ({"method": "PUT"}, True),
    ({"method": "DELETE"}, True),
    ({"method": "POST"}, False),
    ({"method": "PATCH"}, False),
    ({"method": "POST", "repeatable_by_key": True}, True),
    ({"method": "PATCH", "repeatable_by_key": True}, True),
]


@pytest.mark.parametrize(("config", "repeatable"), REPEATABLE)
def test_a_call_that_may_have_arrived_is_repeated_only_where_that_does_no_harm(
    httpserver: HTTPServer, url: str, config: dict[str, Any], repeatable: bool
) -> None:
    answers(httpserver, 500)
    with receiver(lambda client: None) as port:
        broken = call(f"http://127.0.0.1:{port}/", **config)

    failed = call(url, **config)

    expected = "pending" if repeatable else "uncertain"
    assert (broken.status, failed.status) == (expected, expected)
    assert broken.actions.get().error.startswith("The connection to 127.0.0.1 broke:")


@pytest.mark.parametrize(("config", "repeatable"), REPEATABLE)
def test_a_call_whose_worker_was_lost_likewise(
    httpserver: HTTPServer, url: str, config: dict[str, Any], repeatable: bool
) -> None:
    answers(httpserver, 200)
    run = play.start(make.action("a1", "http.request", url=url, **config), now=NOW)
    calling.take(1, NOW)

    sweeping.drain(NOW + timedelta(seconds=61))

    assert (Run.objects.get(pk=run.pk).status, len(httpserver.log)) == (("done", 1) if repeatable else ("uncertain", 0))


@pytest.mark.parametrize("status", [429, 503])
def test_what_says_that_nothing_was_done_is_tried_again_by_any_method(
    httpserver: HTTPServer, url: str, status: int
) -> None:
    answer(httpserver, status, Retry_After="7200")

    run = call(url, method="POST")

    assert (run.status, run.due_at) == ("pending", NOW + timedelta(hours=2))


def test_a_refused_connection_is_tried_again_by_any_method() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    run = call(f"http://127.0.0.1:{port}/", method="POST")

    assert (run.status, run.actions.get().error) == ("pending", "127.0.0.1 refused the connection.")


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (302, "failed", "localhost answered 302, a redirect, and those are not followed. Enter the URL it leads to."),
        (400, "failed", 'localhost answered 400. {"detail": "why"}'),
        (401, "held", "localhost refused the credentials with 401. Repair them, then let it be called again."),
        (403, "held", "localhost refused the credentials with 403. Repair them, then let it be called again."),
        (404, "failed", 'localhost answered 404. {"detail": "why"}'),
        (410, "failed", "localhost answered 410: it takes nothing more at this URL."),
        (422, "failed", 'localhost answered 422. {"detail": "why"}'),
    ],
)
def test_how_answers_end_the_action(httpserver: HTTPServer, url: str, status: int, state: str, reason: str) -> None:
    answer(httpserver, status, {"detail": "why"})

    run = call(url, method="POST")

    assert (run.status, run.reason.startswith(reason), len(httpserver.log)) == (state, True, 1)
    switched = {401: "held", 403: "held", 410: "disabled"}
    assert Destination.objects.get().status == switched.get(status, "ok")


@pytest.mark.parametrize("status", [404, 302, 410, 503])
def test_further_statuses_may_count_as_success(httpserver: HTTPServer, url: str, status: int) -> None:
    answer(httpserver, status, {"detail": "unknown"})

    run = call(url, accept=[status])

    assert (run.status, run.vars["@a1"]["status"], run.vars["@a1"]["body"]) == ("done", status, {"detail": "unknown"})


def test_an_answer_that_is_no_json_is_kept_as_text(httpserver: HTTPServer, url: str) -> None:
    httpserver.expect_request("/api").respond_with_data("a,b\n1,2\n", content_type="text/csv")

    assert call(url).vars["@a1"]["body"] == "a,b\n1,2\n"


def test_an_answer_that_is_too_long_is_cut_and_says_so(httpserver: HTTPServer, url: str) -> None:
    answer(httpserver, body=["x" * 70_000])

    run = call(url)

    result = run.vars["@a1"]
    assert (result["truncated"], len(result["body"])) == (True, 10_000)
    assert run.actions.get().summary == "localhost answered 200; the answer was cut, for it is too long."


def test_no_answer_within_the_time_allowed(httpserver: HTTPServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        run = call(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=1)

    assert (run.status, run.actions.get().error) == ("pending", "127.0.0.1 did not answer in time.")


def test_what_was_sent_and_answered_is_kept_with_the_attempt(httpserver: HTTPServer, url: str) -> None:
    answer(httpserver, body="y" * 3000)

    run = call(
        f"{url}?page=2", method="POST", query={"api_token": "{{ contact.city }}x"}, body={"password": "pw", "a": 1}
    )

    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.status_code, attempt.response) == ("done", 200, "y" * 1000)
    assert attempt.request == {
        "method": "POST",
        "url": url,
        "query": {"page": "2", "api_token": "[redacted]"},
        "headers": {"Accept": "application/json", "Content-Type": "application/json"},
        "auth": "",
        "body": {"password": "[redacted]", "a": 1},
    }
    assert received(httpserver)[0].headers["concours-depth"] == "1"
    assert run.status == "done"


def test_a_large_body_is_not_kept_with_each_attempt(httpserver: HTTPServer, url: str) -> None:
    answer(httpserver)

    call(url, method="POST", body=["x" * 15_000] * 2)

    assert Attempt.objects.get().request["body"] == "30008 bytes"
    assert received(httpserver)[0].json == ["x" * 15_000] * 2


BASIC = "Basic " + base64.b64encode(f"anna:{SECRET}".encode()).decode()


@pytest.mark.parametrize(
    ("values", "header", "carried"),
    [
        ({"kind": "basic", "username": "anna"}, "Authorization", BASIC),
        ({"kind": "bearer"}, "Authorization", f"Bearer {SECRET}"),
        ({"kind": "api_key", "header": "X-Shop-Key"}, "X-Shop-Key", SECRET),
    ],
)
def test_a_credential_is_carried_and_is_nowhere_but_sealed_in_its_row(
    httpserver: HTTPServer, url: str, caplog: pytest.LogCaptureFixture, values: Any, header: str, carried: str
) -> None:
    caplog.set_level(logging.DEBUG)

    def echo(request: Request) -> Response:
        told = [f"{name}: {value}" for name, value in request.headers.items()]
        return Response(json.dumps({"you sent": told, carried: 1}), 422, {"ETag": carried})

    httpserver.expect_request("/api").respond_with_handler(echo)
    credential(**values)

    run = call(url, credential="shop", method="POST", body={})

    assert received(httpserver)[0].headers[header] == carried
    assert (run.status, Attempt.objects.get().request["auth"]) == ("failed", "shop")
    assert "[redacted]" in Attempt.objects.get().response
    assert "answered 422" in caplog.text
    for text in (caplog.text, dump()):
        assert SECRET not in text
        assert BASIC.removeprefix("Basic ") not in text


def test_a_secret_that_comes_back_with_success_is_blanked_in_the_result(httpserver: HTTPServer, url: str) -> None:
    answer(httpserver, body={"key": SECRET, "deep": [f"<{SECRET}>"]}, X_Request_Id=SECRET)
    credential("bearer")

    result = call(url, credential="shop").vars["@a1"]

    assert result["body"] == {"key": "[redacted]", "deep": ["<[redacted]>"]}
    assert result["headers"]["x_request_id"] == "[redacted]"
    assert SECRET not in dump()


def dump() -> str:
    """Every row of every table, as the database has it."""
    text = ""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            text += str(cursor.fetchall())
    return text


def grant(server: HTTPServer, *tokens: str, expires_in: int = 3600) -> None:
    left = iter(tokens)
    server.expect_request("/token").respond_with_handler(
        lambda _request: Response(json.dumps({"access_token": next(left), "expires_in": expires_in}))
    )


def paths(server: HTTPServer) -> list[tuple[str, str]]:
    """Path and bearer token of each request, in order."""
    return [(r.path, r.headers.get("Authorization", "").removeprefix("Bearer ")) for r in received(server)]


def oauth(server: HTTPServer, **values: Any) -> Credential:
    return credential("oauth2", username="anna", token_url=server.url_for("/token"), secret_in_body=True, **values)


def test_an_access_token_is_fetched_kept_and_fetched_anew_when_it_expires(httpserver: HTTPServer, url: str) -> None:
    answer(httpserver)
    grant(httpserver, "token-1", "token-2")
    oauth(httpserver)

    call(url, credential="shop")
    call(url, credential="shop")
    Credential.objects.update(token_expires_at=NOW + timedelta(seconds=60))
    call(url, credential="shop")

    fetched = [token for path, token in paths(httpserver) if path == "/api"]
    assert fetched[0] == "token-1"
    assert fetched[-1] == "token-2"
    assert [path for path, _token in paths(httpserver)].count("/token") == 2
    assert Credential.objects.get().token_expires_at == NOW + timedelta(hours=1)
    assert "token-1" not in dump()
    assert "token-2" not in dump()


def test_a_token_that_is_not_taken_any_more_is_renewed_once(httpserver: HTTPServer, url: str) -> None:
    grant(httpserver, "token-2")
    httpserver.expect_request("/api", headers={"Authorization": "Bearer token-1"}).respond_with_data("", 401)
    httpserver.expect_request("/api", headers={"Authorization": "Bearer token-2"}).respond_with_json({"ok": 1})
    oauth(httpserver, token="token-1", token_expires_at=NOW + timedelta(hours=1))

    run = call(url, credential="shop", method="POST", body={})

    assert (run.status, run.vars["@a1"]["body"]) == ("done", {"ok": 1})
    assert paths(httpserver) == [("/api", "token-1"), ("/token", ""), ("/api", "token-2")]
    first, _token, second = received(httpserver)
    assert (first.data, first.headers["Idempotency-Key"]) == (second.data, second.headers["Idempotency-Key"])


def test_a_renewed_token_that_is_refused_too_holds_the_run(httpserver: HTTPServer, url: str) -> None:
    answer(httpserver, 401)
    grant(httpserver, "token-1", "token-2", "token-3")
    oauth(httpserver)

    run = call(url, credential="shop")

    assert (run.status, paths(httpserver)) == (
        "held", [("/token", ""), ("/api", "token-1"), ("/token", ""), ("/api", "token-2")],
    )  # fmt: skip


def test_no_token_no_call(httpserver: HTTPServer, url: str) -> None:
    httpserver.expect_request("/token").respond_with_data('{"error": "invalid_client"}', 401)
    oauth(httpserver)

    run = call(url, credential="shop", method="POST")

    assert (run.status, paths(httpserver)) == ("held", [("/token", "")])
    assert run.reason == (
        'The token URL of “Shop” answered 401 and gave no token. Repair the credential. {"error": "invalid_client"}'
    )


def test_a_credential_goes_to_its_hosts_only(httpserver: HTTPServer, url: str) -> None:
    found = credential("bearer", hosts="api.example.com")

    assert play.problems("http.request", url=url, credential="shop") == [
        ("credential", "The credential “Shop” is not for localhost. Add the host to it, or choose another.")
    ]
    found.hosts = "localhost"
    found.save()
    run = play.start(make.action("a1", "http.request", url=url, credential="shop"), now=NOW)
    Credential.objects.update(hosts="api.example.com")
    sweeping.drain(NOW)

    run.refresh_from_db()
    assert (run.status, run.reason, httpserver.log) == (
        "failed", "The credential “Shop” is not for localhost. Add the host to it, or choose another.", [],
    )  # fmt: skip


def test_a_credential_that_is_gone_fails_the_run(httpserver: HTTPServer, url: str) -> None:
    credential("bearer")
    run = play.start(make.action("a1", "http.request", url=url, credential="shop"), now=NOW)
    Credential.objects.all().delete()
    sweeping.drain(NOW)

    run.refresh_from_db()
    assert (run.status, run.reason) == ("failed", "There is no credential “shop”. Add it, or choose another.")


def test_a_secret_that_cannot_be_read_holds_the_run(httpserver: HTTPServer, url: str, settings: Any) -> None:
    credential("bearer")
    settings.SECRET_KEY = "another"

    run = call(url, credential="shop", method="POST")

    assert (run.status, httpserver.log) == ("held", [])
    assert run.reason.startswith("A stored secret cannot be read with the present SECRET_KEY.")


def test_a_run_tried_again_by_hand_after_a_refusal_sends_what_is_right_by_then(
    httpserver: HTTPServer, url: str
) -> None:
    answers(httpserver, 422, 200)
    run = call(url, make.contact(), method="POST", body={"name": "{{ contact.first_name }}"})

    Contact.objects.update(first_name="Anne")
    operations.retry(run, now=NOW)
    sweeping.drain(NOW)

    assert [request.json["name"] for request in received(httpserver)] == ["Anna", "Anne"]
    assert Run.objects.get(pk=run.pk).status == "done"


def test_a_private_address_fails_at_once(settings: Any) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = False
    assert [path for path, _why in play.problems("http.request", url="https://127.0.0.1/")] == ["url"]
    settings.OUTGOING_ALLOW_LOOPBACK = True
    run = play.start(make.action("a1", "http.request", url="https://127.0.0.1/"), now=NOW)
    settings.OUTGOING_ALLOW_LOOPBACK = False
    sweeping.drain(NOW)

    run.refresh_from_db()
    assert (run.status, run.reason) == (
        "failed", "127.0.0.1 is not a public address. Use a URL that can be reached from the internet.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://API.example.com/{{ contact.id }}", "https://api.example.com"),
        ("https://api.example.com:8443?x=1", "https://api.example.com:8443"),
        ("nonsense", ""),
        ("https://[", ""),
    ],
)
def test_the_receiver_is_told_by_scheme_host_and_port(url: str, target: str) -> None:
    assert HttpRequest(url=url).destination() == target


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (
            {"url": "https://api.example.com/p/{{ contact.first_name }}?k=1"},
            "Calls GET https://api.example.com/p/Anna.",
        ),
        ({"url": "https://api.example.com/", "method": "DELETE"}, "Calls DELETE https://api.example.com/."),
        (
            {"url": "https://api.example.com/{{ contact.city }}"},
            "{{ contact.city }} is empty, and the URL needs it.",
        ),
        (
            {"url": "https://api.example.com/", "credential": "lost"},
            "There is no credential “lost”. Add it, or choose another.",
        ),
        (
            {"url": "https://api.example.com/", "headers": {"X-A": "{{ contact.first_name }} ë"}},
            "The value of X-A is not one line of plain ASCII without spaces around it.",
        ),
    ],
)
def test_a_dry_run_says_what_would_be_called_and_calls_nothing(config: dict[str, Any], said: str) -> None:
    assert play.preview("http.request", **config) == said
    assert PreparedRequest.objects.count() == 0


SECRET_WRITTEN = "This looks like a secret, and workflows are exported and shown. Keep it in a credential."


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({}, []),
        ({"headers": {"X-Trace": "{{ run.id }}"}, "query": {"page": "2"}, "method": "POST", "body": {"a": ["x"]}}, []),
        (
            {"url": "https://{{ contact.city }}.example.com/"},
            [("url", "Write out the host: https://api.example.com/. Merge fields may stand behind it, in the path and "
              "in the query, and nowhere else.")],
        ),
        ({"headers": {"Authorization": "Bearer x"}}, [("headers.Authorization", SECRET_WRITTEN)]),
        ({"query": {"api_key": "x"}}, [("query.api_key", SECRET_WRITTEN)]),
        ({"url": "https://api.example.com/?token=x"}, [("url", SECRET_WRITTEN)]),
        (
            {"headers": {"idempotency-key": "1"}},
            [("headers.idempotency-key", "The key is set for you, the same on every try. Take it out.")],
        ),
        (
            {"headers": {"Host": "x"}},
            [("headers.Host", "The header Host follows from the URL and the body. Take it out.")],
        ),
        ({"body": {}}, [("body", "A GET has no body. Choose another method, or take it out.")]),
        ({"accept": [99]}, [("accept", "Statuses are numbers from 200 to 599.")]),
        ({"method": "POST", "body": {"x": float("inf")}}, [("body", "The body is not JSON, or nested too deep.")]),
        ({"credential": "lost"}, [("credential", "There is no credential “lost”. Add it, or choose another.")]),
        ({"timeout": 60}, [("timeout", "Input should be less than or equal to 20")]),
    ],
)  # fmt: skip
def test_problems(config: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert play.problems("http.request", **{"url": "https://api.example.com/", **config}) == found


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"url": "https://api.example.com/{{ contact.nme }}"}, "url"),
        ({"query": {"q": "{{ contact.nme }}"}}, "query.q"),
        ({"headers": {"X-A": "{{ contact.nme }}"}}, "headers.X-A"),
        ({"method": "POST", "body": {"a": ["{{ contact.nme }}"]}}, "body.a[0]"),
    ],
)
def test_merge_fields_are_checked_wherever_they_stand(config: dict[str, Any], path: str) -> None:
    found = play.problems("http.request", **{"url": "https://api.example.com/", **config})

    assert [where for where, _why in found] == [path]
