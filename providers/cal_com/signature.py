"""How Cal.com signs: HMAC-SHA256 of the raw body in hexadecimal. Without a secret it writes words instead."""

from collections.abc import Sequence
from datetime import datetime

from providers.base import Delivery, refusing
from triggers.outside.signatures import verify_hmac


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the secrets signed this body; `no-secret-provided` is no signature."""
    return verify_hmac(delivery, secrets, header="X-Cal-Signature-256")
