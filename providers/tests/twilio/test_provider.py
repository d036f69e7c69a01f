"""The test button of a connection to Twilio, against a real HTTP server."""

import pytest
from pytest_httpserver import HTTPServer

from providers.frame import Later, Unclear
from providers.tests import make
from providers.tests.signers import NOW

pytestmark = pytest.mark.django_db
ACCOUNT = "AC" + "0f" * 16


@pytest.fixture
def api(httpserver: HTTPServer, settings) -> HTTPServer:
    settings.OUTGOING_ALLOW_LOOPBACK = settings.OUTGOING_ALLOW_HTTP = True
    settings.TWILIO_API_URL = httpserver.url_for("/").rstrip("/")
    return httpserver


def answer_to(account: str = ACCOUNT) -> str:
    connection = make.connection("twilio", account_id=account, secrets={"auth_token": "hush-hush"})
    return connection.kind.test(connection, NOW)


def test_twilio_is_asked_whose_the_token_is(api: HTTPServer) -> None:
    api.expect_oneshot_request(f"/2010-04-01/Accounts/{ACCOUNT}.json").respond_with_json({"friendly_name": "Shop"})

    assert answer_to() == "Twilio knows the account: it is called “Shop”."
    request, _answer = api.log[0]
    assert (request.authorization.username, request.authorization.password) == (ACCOUNT, "hush-hush")


def test_a_wrong_token_is_told(api: HTTPServer) -> None:
    api.expect_request(f"/2010-04-01/Accounts/{ACCOUNT}.json").respond_with_json({"code": 20003}, status=401)

    with pytest.raises(Later, match="refused the access token") as told:
        answer_to()
    assert "hush" not in str(told.value)


@pytest.mark.parametrize("account", ["", "AC", "AC123/../..", ACCOUNT + "?x"])
def test_what_is_no_account_is_never_part_of_an_address(api: HTTPServer, account: str) -> None:
    with pytest.raises(Unclear):
        answer_to(account)
    assert api.log == []
