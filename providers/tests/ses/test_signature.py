"""Amazon SNS: both versions, all three kinds of message, and where a certificate is fetched from."""

import json
from datetime import UTC, datetime
from functools import partial

import pytest

from providers.base import Delivery
from providers.ses import verify
from providers.tests.signers import CERTIFICATE_URL, NOW, changed, deliver, fetch, keys, sign_ses

MESSAGE = b'{"eventType":"Bounce","mail":{"messageId":"1"}}'
CONFIRM = {
    "Type": "SubscriptionConfirmation", "Token": "2336412f37",
    "SubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37",
}  # fmt: skip
checked = partial(verify, secrets=[], now=NOW, fetch=fetch)


def message(version: str = "2", **changes) -> Delivery:
    return deliver(*sign_ses("rsa", NOW, MESSAGE, version, **changes))


def with_values(sent: Delivery, **values) -> Delivery:
    return changed(sent, body=json.dumps({**json.loads(sent.body), **values}).encode())


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize(
    "changes", [{}, {"Subject": "Amazon SES"}, CONFIRM, {**CONFIRM, "Type": "UnsubscribeConfirmation"}]
)
def test_each_kind_of_message_is_accepted_in_both_versions(version: str, changes: dict[str, str]) -> None:
    assert checked(message(version, **changes)) is True


def test_each_signed_field_is_covered() -> None:
    sent, confirm = message(Subject="Amazon SES"), message(**CONFIRM)

    for name in ("Message", "MessageId", "Subject", "Timestamp", "TopicArn"):
        assert checked(with_values(sent, **{name: "other"})) is False
    for name in ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn"):
        assert checked(with_values(confirm, **{name: "other"})) is False
    assert checked(with_values(message(), Subject="added")) is False
    assert checked(with_values(sent, UnsubscribeURL="https://example.org")) is True


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-56e6.pem",
        "https://sns.eu-central-1.amazonaws.com.example.org/SimpleNotificationService-56e6.pem",
        "https://example.org/sns.eu-central-1.amazonaws.com/SimpleNotificationService-56e6.pem",
        "https://sns.eu-central-1.amazonaws.com@example.org/SimpleNotificationService-56e6.pem",
        "https://s3.eu-central-1.amazonaws.com/SimpleNotificationService-56e6.pem",
        "https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-56e6.pem",
        "https://sns.eu-central-1.amazonaws.com/x/../SimpleNotificationService-56e6.pem",
        "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-56e6.pem?x=1",
        "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-56e6.pem\n", "", None, 5,
    ],
)  # fmt: skip
def test_a_certificate_from_elsewhere_is_not_even_fetched(url) -> None:
    asked: list[str] = []

    def note(address: str) -> bytes:
        asked.append(address)
        return keys("rsa")[1]

    assert verify(with_values(message(), SigningCertURL=url), [], NOW, fetch=note) is False
    assert asked == []


@pytest.mark.parametrize("values", [{"SignatureVersion": "3"}, {"SignatureVersion": 2}, {"Type": "Other"}])
def test_an_unknown_version_or_kind_is_refused(values) -> None:
    assert checked(with_values(message(), **values)) is False


def test_version_one_is_not_taken_for_version_two() -> None:
    assert checked(with_values(message("1"), SignatureVersion="2")) is False


def test_a_key_that_stands_twice_is_refused() -> None:
    sent = message()

    assert checked(changed(sent, body=sent.body.replace(b"{", b'{"Message": "first", ', 1))) is False


@pytest.mark.parametrize(
    "answer", [b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"]
)
def test_a_broken_certificate_is_refused(answer: bytes) -> None:
    assert verify(message(), [], NOW, fetch=lambda _url: answer) is False


def test_a_certificate_that_cannot_be_had_is_refused() -> None:
    def unreachable(_url: str) -> bytes:
        raise OSError

    assert verify(message(), [], NOW, fetch=unreachable) is False
    assert CERTIFICATE_URL.startswith("https://sns.")
    assert checked(message(), now=datetime(2030, 1, 1, tzinfo=UTC)) is True
