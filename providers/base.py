"""What every provider's folder is built from: the delivery it verifies, and the parts verifiers share.

Nothing here needs the models, a request or a network, so that a verifier can be tried by itself.
"""

import hmac
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, Final, TypeVar, cast
from urllib.parse import parse_qsl

from triggers.outside.signatures import Delivery, same

__all__ = ["Delivery", "by_any", "field_of", "fresh", "hmac_hex", "refusing", "same", "stamped"]

# The usual tolerance, in seconds; also how far ahead of ours a sender's clock may run.
TOLERANCE: Final = 300
MAX_FIELDS: Final = 1000
_DIGITS: Final = re.compile(r"[0-9]{1,12}")

V = TypeVar("V", bound=Callable[..., bool])
logger = logging.getLogger(__name__)


def refusing(verify: V) -> V:
    """Makes a verifier answer False where it, or the library it asks, raises: whatever came is not proven."""

    @wraps(verify)
    def verified(delivery: Delivery, secrets: Sequence[str], now: datetime, **more: Any) -> bool:
        try:
            return verify(delivery, secrets, now, **more)
        except Exception as error:
            # The kind alone: an error's text may quote the body.
            logger.info("%s refused a delivery: %s", verify.__module__, type(error).__name__)
            return False

    return cast(V, verified)


def by_any(secrets: Sequence[str], proves: Callable[[str], bool]) -> bool:
    """Whether one of the secrets proves it. An empty one would let in whoever signs with an empty key; one that
    cannot be used proves nothing, and keeps no other from it.
    """
    return any(_proves(str(secret), proves) for secret in secrets if secret)


def _proves(secret: str, proves: Callable[[str], bool]) -> bool:
    try:
        return proves(secret)
    except Exception as error:
        logger.info("a secret cannot be used: %s", type(error).__name__)
        return False


def hmac_hex(secret: str, message: bytes) -> str:
    """HMAC-SHA256 in lower-case hexadecimal; the bytes of the secret's text are the key."""
    return hmac.digest(secret.encode(errors="replace"), message, "sha256").hex()


def fresh(timestamp: str, now: datetime, *, seconds: int = TOLERANCE, ahead: int = TOLERANCE) -> bool:
    """Whether Unix seconds in digits lie at most `seconds` before and `ahead` after `now` (aware)."""
    if not _DIGITS.fullmatch(timestamp):
        return False
    age = now.timestamp() - int(timestamp)
    return -ahead <= age <= seconds


def stamped(header: str, signature: str) -> tuple[str, list[str]]:
    """Time and signatures of a header such as `t=1700000000,v1=5f…`; `signature` is what they are called in it.

    Raises `ValueError` unless there is exactly one time: two readers might each choose another.
    """
    pairs = [part.strip().partition("=") for part in header.split(",")]
    [timestamp] = [value for name, _sign, value in pairs if name == "t"]
    return timestamp, [value for name, _sign, value in pairs if name == signature]


def verify_stamped(
    delivery: Delivery, secrets: Sequence[str], now: datetime, *, header: str, signature: str, seconds: int
) -> bool:
    """Whether `header` holds a time not older than `seconds`, and the HMAC-SHA256 of "time.body" in hexadecimal."""
    timestamp, given = stamped(delivery.headers.get(header, ""), signature)
    if not fresh(timestamp, now, seconds=seconds):
        return False
    message = timestamp.encode() + b"." + delivery.body
    return by_any(secrets, lambda secret: any(same(item, hmac_hex(secret, message)) for item in given))


def form_pairs(delivery: Delivery) -> list[tuple[str, str]]:
    """The fields of a form in the body, in their order. Raises `ValueError` for one that is not UTF-8."""
    text = delivery.body.decode()
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)


def is_form(delivery: Delivery) -> bool:
    """Whether the body is said to be `application/x-www-form-urlencoded`."""
    kind = delivery.headers.get("Content-Type", "").partition(";")[0]
    return kind.strip().lower() == "application/x-www-form-urlencoded"


def field_of(value: Any, *names: str) -> str:
    """The text at these names, one within the other; "" where there is none, or where it is not text.

    Whole numbers count as text: senders write times and ids either way.
    """
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
