"""How Calendly signs: HMAC-SHA256 of time and body, in `Calendly-Webhook-Signature: t=…,v1=…`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from providers.base import Delivery, refusing, verify_stamped

# Calendly's own advice.
OLDEST: Final = 180


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the signing keys signed this within three minutes before `now`."""
    return verify_stamped(delivery, secrets, now, header="Calendly-Webhook-Signature", signature="v1", seconds=OLDEST)
