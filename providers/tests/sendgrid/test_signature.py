"""SendGrid's signature: the event its own library publishes, with the line end that belongs to it."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from providers.base import Delivery
from providers.sendgrid import verify
from providers.sendgrid.signature import public_key

KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8"
    "eNEc6wEA3F+g=="
)
OTHER = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb"
    "/R1NGe1OPzpA=="
)
SIGNATURE = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
BODY = (
    b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
    b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
    b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",'
    b'"smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n'
)
NOW = datetime.fromtimestamp(1600112502, UTC)


def event(body: bytes = BODY, signature: str = SIGNATURE, timestamp: str = "1600112502") -> Delivery:
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": signature, "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
    }  # fmt: skip
    return Delivery("POST", "https://crm.example.org/", headers, body)


def test_the_published_event_is_accepted() -> None:
    assert verify(event(), [KEY], NOW) is True
    assert verify(event(), [OTHER, KEY], NOW) is True


@pytest.mark.parametrize(
    "bad",
    [
        event(body=b"payload"), event(body=BODY.removesuffix(b"\r\n")), event(timestamp="timestamp"),
        event(timestamp="1600112503"),
        event(signature="MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH3j/0="),
    ],
)  # fmt: skip
def test_what_the_library_refuses_is_refused(bad: Delivery) -> None:
    assert verify(bad, [KEY], NOW) is False
    assert verify(event(), [OTHER], NOW) is False


def test_the_key_may_stand_between_pem_lines() -> None:
    armoured = f"-----BEGIN PUBLIC KEY-----\n{KEY[:64]}\n{KEY[64:]}\n-----END PUBLIC KEY-----\n"

    assert verify(event(), [armoured], NOW) is True


def test_a_key_of_another_kind_is_refused() -> None:
    shown = ec.generate_private_key(ec.SECP384R1()).public_key()
    p384 = base64.b64encode(shown.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()

    with pytest.raises(ValueError, match="P-256"):
        public_key(p384)
    assert verify(event(), [p384], NOW) is False
    assert verify(event(), ["no key"], NOW) is False
