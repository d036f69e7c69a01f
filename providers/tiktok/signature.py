"""How TikTok signs: HMAC-SHA256 of time and body, in `TikTok-Signature: t=…,s=…`."""

from collections.abc import Sequence
from datetime import datetime

from providers.base import TOLERANCE, Delivery, refusing, verify_stamped


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the client secrets signed this within five minutes of `now`."""
    return verify_stamped(delivery, secrets, now, header="TikTok-Signature", signature="s", seconds=TOLERANCE)
