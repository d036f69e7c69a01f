"""What providers ask before they send: Meta's and LinkedIn's GET, Amazon's confirmation."""

import json

import pytest
from pytest_httpserver import HTTPServer

from providers.models import ProviderDelivery
from providers.receiving import take_in
from providers.ses import provider as ses
from providers.tests import make, signers
from providers.tests.signers import NOW, TOPIC, hmac_of
from triggers import sweeping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
UUID = "890e4665-4dfe-4ab1-b689-ed553bceeed0"


def meta(**fields):
    return make.connection("meta", secrets={"app_secret": "s", "verify_token": "tök-en"}, **fields)


def test_meta_gets_its_challenge_for_the_right_token() -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "<b>1158201444</b>", "hub.verify_token": "tök-en"}

    answer = make.SENDER.get(make.path(meta()), query)

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"<b>1158201444</b>", "text/plain")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "query",
    [
        {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "other"},
        {"hub.mode": "subscribe", "hub.challenge": "1158201444"},
        {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": ""},
        {"hub.mode": "unsubscribe", "hub.challenge": "1158201444", "hub.verify_token": "tök-en"},
    ],
)
def test_meta_gets_nothing_back_for_another(query) -> None:
    answer = make.SENDER.get(make.path(meta()), query)

    assert answer.status_code == 403
    assert b"1158201444" not in answer.content


def test_without_a_verify_token_nothing_is_verified() -> None:
    connection = make.connection("meta", secrets={"app_secret": "s"})
    query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": ""}

    assert make.SENDER.get(make.path(connection), query).status_code == 403
    assert make.SENDER.get(make.path(meta(active=False)), query).status_code == 410
    assert make.SENDER.get(make.path(connection)).status_code == 405


def test_linkedin_gets_its_challenge_signed() -> None:
    connection = make.connection("linkedin")

    answer = make.SENDER.get(make.path(connection), {"challengeCode": UUID})

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json() == {
        "challengeCode": UUID, "challengeResponse": hmac_of("8Zk-current-secret", UUID.encode()).hex(),
    }  # fmt: skip


@pytest.mark.parametrize("code", ['hmacsha256={"type":"LEAD_ACTION"}', "", "x", UUID + "\n", UUID + "0", "%00"])
def test_linkedin_is_never_signed_anything_but_a_uuid(code: str) -> None:
    """The same key proves deliveries: what is signed here for anybody who asks could be sent as one."""
    connection = make.connection("linkedin")

    answer = make.SENDER.get(make.path(connection), {"challengeCode": code})

    assert answer.status_code in (403, 405)
    assert b"challengeResponse" not in answer.content


def subscribed(url: str, topic: str = TOPIC):
    connection = make.connection("ses")
    more = {"Type": "SubscriptionConfirmation", "Token": "2336", "SubscribeURL": url, "TopicArn": topic}
    take_in(connection, signers.deliver(*signers.sign_ses("rsa", NOW, b"Confirm", **more)), NOW)
    return connection


def test_amazons_subscription_is_confirmed(httpserver: HTTPServer, monkeypatch, settings) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = settings.OUTGOING_ALLOW_HTTP = True
    httpserver.expect_oneshot_request("/", query_string="Action=ConfirmSubscription&Token=2336").respond_with_data("ok")
    asked = []
    send = ses.net.send

    def to_here(method: str, url: str, **more):
        asked.append(url)
        return send(method, url.replace("https://sns.eu-central-1.amazonaws.com", httpserver.url_for("")[:-1]), **more)

    monkeypatch.setattr(ses.net, "send", to_here)
    url = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336"
    subscribed(url)

    sweeping.drain(NOW)

    assert asked == [url]
    httpserver.check()
    assert ProviderDelivery.objects.get().status == "done"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/?Action=ConfirmSubscription", "http://sns.eu-central-1.amazonaws.com/?Action=X",
        "https://sns.eu-central-1.amazonaws.com.example.org/?Action=X", "https://sns.eu-central-1.amazonaws.com@e.org/?A=X",
        "https://169.254.169.254/?Action=ConfirmSubscription", "https://sns.eu-central-1.amazonaws.com/x?Action=X",
    ],
)  # fmt: skip
def test_no_other_address_is_opened(url: str, monkeypatch) -> None:
    monkeypatch.setattr(ses.net, "send", lambda *_given, **_more: pytest.fail("opened"))
    subscribed(url)

    sweeping.drain(NOW)

    assert ProviderDelivery.objects.get().status == "quarantined"


def test_a_topic_that_is_not_ours_is_not_confirmed(monkeypatch) -> None:
    """Amazon signs for everybody: another customer's topic is signed just as well."""
    monkeypatch.setattr(ses.net, "send", lambda *_given, **_more: pytest.fail("opened"))
    subscribed(
        "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription", topic=TOPIC.replace("mail", "evil")
    )

    sweeping.drain(NOW)

    row = ProviderDelivery.objects.get()
    assert (row.status, json.dumps(row.data).count("evil")) == ("ignored", 1)


def test_amazon_not_answering_is_tried_again(monkeypatch) -> None:
    def refused(*_given, **_more):
        raise ses.net.NotSent("refused the connection")

    monkeypatch.setattr(ses.net, "send", refused)
    subscribed("https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription")

    sweeping.drain(NOW)

    assert ProviderDelivery.objects.get().status == "waiting"
