"""How Meta signs: HMAC-SHA256 of the raw body. It signs the escaped form it sends; JSON written anew differs."""

from collections.abc import Sequence
from datetime import datetime

from providers.base import Delivery, refusing
from triggers.outside.signatures import verify_hmac


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the app secrets signed this body. The older SHA-1 header is not looked at."""
    return verify_hmac(delivery, secrets, header="X-Hub-Signature-256", prefix="sha256=")
