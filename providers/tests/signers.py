"""What providers do before they send: signing, written without the code under test.

HMAC is written out from RFC 2104 over `hashlib`, RSA and ECDSA are openssl's, Twilio, Stripe and Standard
Webhooks sign with their own libraries.
"""

import base64
import hashlib
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import parse_qsl, urlencode

from standardwebhooks.webhooks import Webhook
from stripe import WebhookSignature
from twilio.request_validator import RequestValidator

from providers.base import Delivery

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
URL = "https://crm.example.org/hooks/x/0f3a/"
CERTIFICATE_URL = (
    "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-56e67fcb41f6fec09b0196692625d385.pem"
)
TOPIC = "arn:aws:sns:eu-central-1:123456789012:mail"
# As providers send it: umlauts escaped, spaces where they like; written anew it differs.
JSON = b'{"id":"evt_1","name":"Zo\\u00eb","items":[1, 2 ],"price":"10.00"}'
Signed = tuple[dict[str, str], bytes]


def hmac_of(key: str, message: bytes, digest: str = "sha256") -> bytes:
    """RFC 2104."""
    block = key.encode()
    block = hashlib.new(digest, block).digest() if len(block) > 64 else block
    block = block.ljust(64, b"\0")
    inner = hashlib.new(digest, bytes(byte ^ 0x36 for byte in block) + message).digest()
    return hashlib.new(digest, bytes(byte ^ 0x5C for byte in block) + inner).digest()


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def unix(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _openssl(*arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True).stdout


@cache
def keys(kind: str) -> tuple[Path, bytes]:
    """A private key in a file, and what its owner publishes: a certificate for RSA, a public key for P-256."""
    made = Path(mkdtemp(prefix="providers-")) / f"{kind}.pem"
    if kind.startswith("rsa"):
        shown = _openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(made), "-days", "3650",
            "-subj", "/CN=sns.amazonaws.com",
        )  # fmt: skip
    else:
        made.write_bytes(_openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout"))
        shown = _openssl("ec", "-in", str(made), "-pubout", "-outform", "DER")
    return made, shown


def _signature(kind: str, message: bytes, digest: str) -> str:
    return b64(_openssl("dgst", f"-{digest}", "-sign", str(keys(kind)[0]), given=message))


def sign_twilio(secret: str, moment: datetime, body: bytes) -> Signed:
    fields = dict(parse_qsl(body.decode()))
    signature = RequestValidator(secret).compute_signature(URL, fields)
    return {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}, body


def sign_sendgrid(secret: str, moment: datetime, body: bytes) -> Signed:
    kind = next(kind for kind in ("ec", "ec-other") if b64(keys(kind)[1]) == secret)
    return {
        "X-Twilio-Email-Event-Webhook-Signature": _signature(kind, unix(moment).encode() + body, "sha256"),
        "X-Twilio-Email-Event-Webhook-Timestamp": unix(moment),
    }, body  # fmt: skip


def sign_mailgun(secret: str, moment: datetime, body: bytes) -> Signed:
    token = "0f3a" * 12
    proof = {
        "timestamp": unix(moment),
        "token": token,
        "signature": hmac_of(secret, (unix(moment) + token).encode()).hex(),
    }
    return {"Content-Type": "application/json"}, json.dumps(
        {"signature": proof, "event-data": json.loads(body)}
    ).encode()


def sign_postmark(secret: str, moment: datetime, body: bytes) -> Signed:
    return {"Authorization": "Basic " + b64(secret.encode())}, body


def sign_ses(secret: str, moment: datetime, body: bytes, version: str = "2", **changes: Any) -> Signed:
    """`secret` names the key that signs. The order of the fields is written out here from Amazon's page."""
    message = {
        "Type": "Notification", "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", "TopicArn": TOPIC,
        "Message": body.decode(), "Timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"), **changes,
    }  # fmt: skip
    order = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    signed = "".join(f"{name}\n{message[name]}\n" for name in order if name in message)
    signature = _signature(secret, signed.encode(), {"1": "sha1", "2": "sha256"}[version])
    return {"Content-Type": "text/plain; charset=UTF-8"}, json.dumps(
        {**message, "SignatureVersion": version, "Signature": signature, "SigningCertURL": CERTIFICATE_URL}
    ).encode()


def fetch(url: str, kind: str = "rsa") -> bytes:
    assert url == CERTIFICATE_URL
    return keys(kind)[1]


def sign_in_header(name: str, shape: str, encode: Callable[[bytes], str], before: bytes = b"") -> Callable[..., Signed]:
    """A signer whose header `name` holds the HMAC of the body in `shape`; `{t}` is the time, signed too."""

    def sign(secret: str, moment: datetime, body: bytes) -> Signed:
        first = unix(moment).encode() + b"." if "{t}" in shape else before
        return {name: shape.format(t=unix(moment), s=encode(hmac_of(secret, first + body)))}, body

    return sign


def sign_stripe(secret: str, moment: datetime, body: bytes) -> Signed:
    header = WebhookSignature.generate_signature_header(body.decode(), secret, int(moment.timestamp()))
    return {"Stripe-Signature": header}, body


def sign_dropbox_sign(secret: str, moment: datetime, body: bytes) -> Signed:
    kind = "signature_request_signed"
    event = {
        "event_type": kind, "event_time": unix(moment),
        "event_hash": hmac_of(secret, (unix(moment) + kind).encode()).hex(),
    }  # fmt: skip
    text = json.dumps({"event": event, "signature_request": json.loads(body)})
    head = '--edge\r\nContent-Disposition: form-data; name="json"\r\n\r\n'
    return {"Content-Type": "multipart/form-data; boundary=edge"}, f"{head}{text}\r\n--edge--\r\n".encode()


def sign_standard(secret: str, moment: datetime, body: bytes) -> Signed:
    return {
        "webhook-id": "msg_1", "webhook-timestamp": unix(moment),
        "webhook-signature": Webhook(secret).sign("msg_1", moment, body.decode()),
    }, body  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One provider: how it signs what, and what its signature covers.

    `oldest` and `ahead` are seconds; None where nothing signed says when. `proof` is the header that proves.
    """

    name: str
    sign: Callable[..., Signed]
    secret: str = "8Zk-current-secret"
    other: str = "Qm2-another-secret"
    body: bytes = JSON
    proof: str | None = None
    covers_body: bool = True
    oldest: timedelta | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def delivery(self, secret: str | None = None, moment: datetime = NOW, body: bytes | None = None) -> Delivery:
        headers, sent = self.sign(self.secret if secret is None else secret, moment, body or self.body)
        return Delivery("POST", URL, headers, sent)

    def verify(self, delivery: Delivery, *secrets: str, now: datetime = NOW, **more: Any) -> bool:
        verify = import_module(f"providers.{self.name}").verify
        return verify(delivery, list(secrets or [self.secret]), now, **{**self.more, **more})


def changed(delivery: Delivery, *, body: bytes | None = None, **headers: str | None) -> Delivery:
    """The delivery with another body, or other headers; None takes one away."""
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    kept = {name.lower(): value for name, value in delivery.headers.items()} | named
    left = {name: value for name, value in kept.items() if value is not None}
    return replace(delivery, headers=left, body=delivery.body if body is None else body)


MINUTES_5, MINUTES_3 = timedelta(minutes=5), timedelta(minutes=3)
CASES = [
    Case("twilio", sign_twilio, body=urlencode({"MessageSid": "SM1", "Body": "Hi", "From": "+15005550006"}).encode(),
         proof="X-Twilio-Signature"),
    Case("sendgrid", sign_sendgrid, b64(keys("ec")[1]), b64(keys("ec-other")[1]), body=JSON + b"\r\n",
         proof="X-Twilio-Email-Event-Webhook-Signature", oldest=timedelta(hours=25)),
    Case("mailgun", sign_mailgun, covers_body=False, oldest=timedelta(hours=9)),
    Case("postmark", sign_postmark, "hook:8Zk-current-secret", "hook:Qm2-another-secret", proof="Authorization",
         covers_body=False),
    Case("ses", sign_ses, "rsa", "rsa-other", more={"fetch": fetch}),
    Case("meta", sign_in_header("X-Hub-Signature-256", "sha256={s}", bytes.hex), proof="X-Hub-Signature-256"),
    Case("tiktok", sign_in_header("TikTok-Signature", "t={t},s={s}", bytes.hex), proof="TikTok-Signature",
         oldest=MINUTES_5),
    Case("linkedin", sign_in_header("X-LI-Signature", "{s}", bytes.hex, b"hmacsha256="), proof="X-LI-Signature"),
    Case("shopify", sign_in_header("X-Shopify-Hmac-Sha256", "{s}", b64), proof="X-Shopify-Hmac-Sha256"),
    Case("stripe", sign_stripe, "whsec_8Zk", "whsec_Qm2", proof="Stripe-Signature", oldest=MINUTES_5),
    Case("docusign", sign_in_header("X-DocuSign-Signature-1", "{s}", b64), proof="X-DocuSign-Signature-1"),
    Case("dropbox_sign", sign_dropbox_sign, covers_body=False, oldest=timedelta(days=4)),
    Case("calendly", sign_in_header("Calendly-Webhook-Signature", "t={t},v1={s}", bytes.hex),
         proof="Calendly-Webhook-Signature", oldest=MINUTES_3),
    Case("cal_com", sign_in_header("X-Cal-Signature-256", "{s}", bytes.hex), proof="X-Cal-Signature-256"),
    Case("standard_webhooks", sign_standard, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
         "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD4QmgdvWxcaU=", proof="webhook-signature", oldest=MINUTES_5),
]  # fmt: skip
by_name = {case.name: case for case in CASES}
deliver = partial(Delivery, "POST", URL)
