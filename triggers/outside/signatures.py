"""Signing what goes out and verifying what comes in: Standard Webhooks 1.0.0, and plain HMAC-SHA256 over the
body for senders that know nothing else. Pure functions; a verifier answers True or False and never raises.
"""

import base64
import hmac
import re
import secrets as random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils.datastructures import CaseInsensitiveMapping
from django.utils.translation import gettext as _

TOLERANCE_SECONDS = 300
_PREFIX = "whsec_"
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
# No full stop: it parts id, timestamp and body in what is signed, so one inside could move the borders.
_MESSAGE_ID = re.compile(r"[!-\-/-~]{1,256}")


@dataclass(frozen=True)
class Delivery:
    """One received request: `url` as the sender called it, query included; `body` the raw bytes.

    `headers` may be any mapping; it is kept as one that looks names up without regard to case. Headers and
    body stay out of the `repr`, which ends up in logs.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", CaseInsensitiveMapping(self.headers))


def new_secret() -> str:
    """A fresh secret for one endpoint: "whsec_" and 32 random bytes in base64."""
    return _PREFIX + base64.b64encode(random.token_bytes(32)).decode()


def check_secret(secret: str) -> None:
    """Raise `ValueError` with a message for a person unless this is base64 of 24 to 64 bytes."""
    try:
        size = len(_key(secret))
    except ValueError:
        raise ValueError(
            _("The secret is not base64. Copy it whole, with “whsec_” in front, from where it was made.")
        ) from None
    if not 24 <= size <= 64:
        raise ValueError(_("The secret holds %(size)d bytes. Use one of 24 to 64 bytes.") % {"size": size})


def sign(message_id: str, moment: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three Standard Webhooks headers for exactly these bytes, with one signature per secret.

    `message_id` stays the same on every attempt; `moment` (aware) is the time of this attempt. Raises
    `ValueError` for a naive moment, an id with a full stop or outside ASCII, and when there is no secret.
    """
    if moment.tzinfo is None or not secrets or not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("Signing takes an aware moment, a secret and an id of visible ASCII without a full stop.")
    timestamp = str(int(moment.timestamp()))
    signatures = [_signature(_key(secret), message_id, timestamp, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def verify_standard(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the secrets signed this delivery less than five minutes before or after `now`."""
    message_id = delivery.headers.get("webhook-id", "")
    timestamp = delivery.headers.get("webhook-timestamp", "")
    if not _MESSAGE_ID.fullmatch(message_id) or not _TIMESTAMP.fullmatch(timestamp):
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    given = delivery.headers.get("webhook-signature", "").split(" ")
    expected = [_signature(key, message_id, timestamp, delivery.body) for key in _good_keys(secrets)]
    return any(same(item, signature) for item in given for signature in expected)


def verify_hmac(
    delivery: Delivery,
    secrets: Sequence[str],
    *,
    header: str,
    prefix: str = "",
    encoding: Literal["hex", "base64"] = "hex",
) -> bool:
    """Whether `header` holds `prefix` and the HMAC-SHA256 of the raw body under one of the secrets.

    The bytes of the secret's text are the key. Hexadecimal digits may be of either case.
    """
    given = delivery.headers.get(header, "")
    if not given.startswith(prefix):
        return False
    given = given.removeprefix(prefix)
    keys = [secret.encode(errors="replace") for secret in secrets if secret]
    digests = [hmac.digest(key, delivery.body, "sha256") for key in keys]
    if encoding == "hex":
        return any(same(given.lower(), digest.hex()) for digest in digests)
    return any(same(given, base64.b64encode(digest).decode()) for digest in digests)


def _key(secret: str) -> bytes:
    """The bytes of a secret; its prefix and padding may be missing. Raises `ValueError` for other text."""
    text = secret.removeprefix(_PREFIX).rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _good_keys(secrets: Sequence[str]) -> list[bytes]:
    keys = []
    for secret in secrets:
        try:
            keys.append(_key(secret))
        except ValueError:
            continue
    return [key for key in keys if key]


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def same(given: str, expected: str) -> bool:
    """Whether two texts are the same, told in a time that says nothing about where they differ."""
    # As bytes: compare_digest raises TypeError for text outside ASCII, which a sender may well send.
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
