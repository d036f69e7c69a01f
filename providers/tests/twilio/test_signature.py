"""Twilio's signatures: the values its own library publishes, and JSON bodies."""

import hashlib
from datetime import UTC, datetime

import pytest
from twilio.request_validator import RequestValidator

from providers.base import Delivery
from providers.twilio import verify

NOW = datetime(2026, 11, 22, tzinfo=UTC)
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = b"CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309"
JSON = b'{"property": "value", "boolean": true}'
DIGEST = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"


def post(url: str, body: bytes, signature: str, kind: str = "application/x-www-form-urlencoded", **more: str):
    return Delivery("POST", url, {"X-Twilio-Signature": signature, "Content-Type": kind, **more}, body)


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:1234"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL.replace("https", "http"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (URL.replace("https", "http").replace(".com", ".com:1234"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_what_the_library_publishes_is_accepted(url: str, signature: str) -> None:
    """With and without the port: Twilio's own side is not of one mind."""
    assert verify(post(url, FORM, signature), ["12345"], NOW) is True


def test_repeated_fields_are_signed_sorted() -> None:
    body = b"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234"

    assert verify(post(URL, body, "IK+Dwps556ElfBT0I3Rgjkr1wJU="), ["12345"], NOW) is True


def test_json_is_proven_by_its_digest_in_the_address() -> None:
    url = f"{URL}&bodySHA256={DIGEST}"

    def accepted(body: bytes, kind: str = "application/json") -> bool:
        return verify(post(url, body, "a9nBmqA0ju/hNViExpshrM61xv4=", kind), ["12345"], NOW)

    assert accepted(JSON) is True
    assert accepted(JSON.replace(b"true", b"fals")) is False
    # Called a form, the body would be read as no fields at all, which the address alone signs.
    assert accepted(b"", "application/x-www-form-urlencoded") is False
    assert accepted(b"\xff") is False


def test_json_without_its_digest_is_refused() -> None:
    signature = RequestValidator("12345").compute_signature(URL, {})

    assert verify(post(URL, b"", signature), ["12345"], NOW) is True
    assert verify(post(URL, JSON, signature, "application/json"), ["12345"], NOW) is False


def test_a_shared_key_signs_with_sha_256() -> None:
    fields = {"MessageSid": "SM1", "Body": "Zoë & co"}
    signature = RequestValidator("shared").compute_signature(URL, fields, "HMAC_SHA256")
    body = b"MessageSid=SM1&Body=Zo%C3%AB+%26+co"
    said = {"X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}

    assert verify(post(URL, body, signature, **said), ["shared"], NOW) is True
    assert verify(post(URL, body, signature), ["shared"], NOW) is False
    other = {"X-Twilio-Webhooks-Signature-Settings": "key=1,algorithm=HMAC_MD5"}
    assert verify(post(URL, body, signature, **other), ["shared"], NOW) is False


def test_empty_fields_are_signed_too() -> None:
    signature = RequestValidator("12345").compute_signature(URL, {"Body": "", "From": "+1"})

    assert verify(post(URL, b"Body=&From=%2B1", signature), ["12345"], NOW) is True
    assert hashlib.sha256(JSON).hexdigest() == DIGEST
