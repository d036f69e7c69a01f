"""What credentials add to a request; OAuth2 tokens fetched, kept, renewed, and refused."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from triggers.action_types import Fail, Hold, Outcome, Retry
from triggers.models import Credential
from triggers.outside import credentials
from triggers.outside.exchange import Failed, Time
from triggers.tests.receivers import receiver

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SECRET = "p:w+ö /&"


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = True


def made(kind: str, **values: Any) -> Credential:
    given = {"name": "Shop", "slug": "shop", "hosts": "localhost", "secret": SECRET, "username": "me & you", **values}
    return Credential.objects.create(kind=kind, **given)


def headers(credential: Credential, now: datetime = NOW, **more: Any) -> dict[str, str]:
    return credentials.headers(credential, now, Time(5), **more)


def refused(credential: Credential) -> Outcome:
    with pytest.raises(Failed) as failed:
        headers(credential)
    return failed.value.outcome


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("credential", "carried"),
    [
        (("basic", {}), {"Authorization": basic(f"me & you:{SECRET}")}),
        (("bearer", {}), {"Authorization": f"Bearer {SECRET}"}),
        (("api_key", {}), {"X-Api-Key": SECRET}),
        (("api_key", {"header": "Shop-Key"}), {"Shop-Key": SECRET}),
        (("oauth2", {"token": "t", "token_expires_at": NOW + timedelta(minutes=2)}), {"Authorization": "Bearer t"}),
    ],
)
def test_what_is_carried(credential: tuple[str, dict[str, Any]], carried: dict[str, str]) -> None:
    kind, values = credential

    assert headers(made(kind, **values)) == carried


def grant(server: HTTPServer, *answers: Any, status: int = 200) -> None:
    left = iter(answers)
    server.expect_request("/token").respond_with_handler(lambda _request: Response(json.dumps(next(left)), status))


def oauth(server: HTTPServer, **values: Any) -> Credential:
    return made("oauth2", token_url=server.url_for("/token"), **values)


def asked(server: HTTPServer) -> list[Request]:
    return [request for request, _response in server.log]


def test_a_token_is_asked_for_as_rfc_6749_has_it(httpserver: HTTPServer) -> None:
    grant(httpserver, {"access_token": "t1", "token_type": "Bearer", "expires_in": 600})

    assert headers(oauth(httpserver, scope="read write")) == {"Authorization": "Bearer t1"}

    [request] = asked(httpserver)
    assert (request.method, request.headers["Content-Type"]) == ("POST", "application/x-www-form-urlencoded")
    assert request.headers["Authorization"] == basic("me+%26+you:p%3Aw%2B%C3%B6+%2F%26")
    assert parse_qs(request.data.decode()) == {"grant_type": ["client_credentials"], "scope": ["read write"]}


def test_the_client_secret_may_go_in_the_body(httpserver: HTTPServer) -> None:
    grant(httpserver, {"access_token": "t1"})

    headers(oauth(httpserver, secret_in_body=True))

    [request] = asked(httpserver)
    assert "Authorization" not in request.headers
    assert parse_qs(request.data.decode()) == {
        "grant_type": ["client_credentials"], "client_id": ["me & you"], "client_secret": [SECRET],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("expires_in", "life"),
    [
        (600, timedelta(minutes=10)),
        ("600", timedelta(minutes=10)),
        (None, timedelta(hours=1)),
        ("soon", timedelta(hours=1)),
        (-5, timedelta(hours=1)),
        (10**30, timedelta(hours=1)),
        (True, timedelta(hours=1)),
    ],
)
def test_a_token_is_kept_sealed_with_its_expiry(httpserver: HTTPServer, expires_in: Any, life: timedelta) -> None:
    grant(httpserver, {"access_token": "token-1", "expires_in": expires_in})

    headers(oauth(httpserver))

    kept = Credential.objects.get()
    assert (kept.token, kept.token_expires_at) == ("token-1", NOW + life)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM triggers_credential")
        assert cursor.fetchone()[0].startswith("fernet:")


@pytest.mark.parametrize(("after", "fetches"), [(539, 1), (540, 2), (600, 2)])
def test_a_token_is_fetched_anew_a_minute_before_it_expires(httpserver: HTTPServer, after: int, fetches: int) -> None:
    grant(httpserver, {"access_token": "t1", "expires_in": 600}, {"access_token": "t2"})
    oauth(httpserver)
    headers(Credential.objects.get())

    carried = headers(Credential.objects.get(), NOW + timedelta(seconds=after))

    assert (carried, len(httpserver.log)) == ({"Authorization": f"Bearer t{fetches}"}, fetches)


def test_renewing_fetches_whatever_is_left_of_the_old(httpserver: HTTPServer) -> None:
    grant(httpserver, {"access_token": "t2"})
    credential = oauth(httpserver, token="t1", token_expires_at=NOW + timedelta(hours=1))

    assert headers(credential, renew=True) == {"Authorization": "Bearer t2"}


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, {"error": "invalid_client"}, ' {"error": "invalid_client"}'),
        (400, {"error": "invalid_scope"}, ' {"error": "invalid_scope"}'),
        (404, "no", ' "no"'),
        (400, {"you_sent": SECRET}, ' {"you_sent": "p:w+\\u00f6 /&"}'),
        (200, {"id_token": "another-token"}, ""),
        (200, {"access_token": "two\r\nlines"}, ""),
        (200, {"access_token": ""}, ""),
        (200, {"access_token": 7}, ""),
        (200, ["access_token"], ""),
        (302, {"access_token": "t1"}, ' {"access_token": "t1"}'),
    ],
)
def test_no_token_holds_until_the_credential_is_repaired(
    httpserver: HTTPServer, status: int, body: Any, said: str
) -> None:
    grant(httpserver, body, status=status)

    outcome = refused(oauth(httpserver))

    why = f"The token URL of “Shop” answered {status} and gave no token. Repair the credential."
    assert isinstance(outcome, Hold)
    if "you_sent" in said:
        assert outcome.why.startswith(why)
    else:
        assert outcome == Hold(why + said)
    assert Credential.objects.get().token == ""


def test_the_client_secret_that_comes_back_is_not_told(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/token").respond_with_data(f"{SECRET} is wrong", 400)

    assert refused(oauth(httpserver)).why.endswith(" [redacted] is wrong")  # type: ignore[union-attr]


def test_a_token_url_that_is_busy_is_asked_again_later(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/token").respond_with_data("", 429, {"Retry-After": "60"})

    assert refused(oauth(httpserver)) == Retry("localhost answered 429.", timedelta(minutes=1))


def test_a_token_url_that_breaks_is_asked_again_for_nothing_was_done(httpserver: HTTPServer) -> None:
    with receiver(lambda client: None) as port:
        outcome = refused(made("oauth2", token_url=f"http://127.0.0.1:{port}/"))

    assert isinstance(outcome, Retry)


def test_a_token_url_that_is_not_public_fails() -> None:
    assert refused(made("oauth2", token_url="https://10.0.0.1/")) == Fail(
        "10.0.0.1 is not a public address. Use a URL that can be reached from the internet."
    )


def test_every_form_of_the_secret_is_hidden() -> None:
    found = credentials.hidden(made("oauth2", token="token-1"))

    assert set(found) == {
        SECRET, "p%3Aw%2B%C3%B6+%2F%26", "token-1",
        basic(f"me & you:{SECRET}")[6:], basic("me+%26+you:p%3Aw%2B%C3%B6+%2F%26")[6:],
    }  # fmt: skip
