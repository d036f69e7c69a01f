"""How LinkedIn signs: HMAC-SHA256 of "hmacsha256=" and the raw body."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from providers.base import Delivery, by_any, hmac_hex, refusing, same

# It is part of what is signed. Some senders also write it before the signature, which is all that it may have.
PREFIX: Final = "hmacsha256="


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the client secrets signed this body."""
    given = delivery.headers.get("X-LI-Signature", "").removeprefix(PREFIX)
    message = PREFIX.encode() + delivery.body
    return by_any(secrets, lambda secret: same(given, hmac_hex(secret, message)))
