"""How SendGrid signs: ECDSA on P-256 over a time and the raw body. Its secret is a public key."""

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from providers.base import Delivery, by_any, fresh, refusing

SIGNATURE: Final = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP: Final = "X-Twilio-Email-Event-Webhook-Timestamp"
# Events are sent again for 24 hours, and nothing says whether they get a new time then. The id of each
# event is what keeps a replay from counting twice.
OLDEST: Final = 25 * 3600
_ARMOUR: Final = re.compile(r"-----(BEGIN|END) PUBLIC KEY-----")


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether the key of one of the verification keys (base64, with or without PEM lines) signed this."""
    timestamp = delivery.headers.get(TIMESTAMP, "")
    if not fresh(timestamp, now, seconds=OLDEST):
        return False
    signature = base64.b64decode(delivery.headers.get(SIGNATURE, ""), validate=True)
    message = timestamp.encode() + delivery.body
    return by_any(secrets, lambda secret: _signed(public_key(secret), signature, message))


def public_key(text: str) -> ec.EllipticCurvePublicKey:
    """The key as SendGrid shows it. Raises `ValueError` for anything but a key on P-256."""
    encoded = _ARMOUR.sub("", text)
    key = load_der_public_key(base64.b64decode("".join(encoded.split()), validate=True))
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a public key on P-256")
    return key


def _signed(key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
