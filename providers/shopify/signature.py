"""How Shopify signs: HMAC-SHA256 of the raw body in base64. Its newer events name the header without `X-`."""

from collections.abc import Sequence
from datetime import datetime

from providers.base import Delivery, refusing
from triggers.outside.signatures import verify_hmac


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the app's client secrets signed this body."""
    named = "X-Shopify-Hmac-Sha256"
    header = named if named in delivery.headers else "Shopify-Hmac-Sha256"
    return verify_hmac(delivery, secrets, header=header, encoding="base64")
