"""How Standard Webhooks 1.0.0 are signed; the one verifier that inbound webhooks use as well."""

from collections.abc import Sequence
from datetime import datetime

from providers.base import Delivery, refusing
from triggers.outside.signatures import verify_standard


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the secrets (`whsec_…`) signed this within five minutes of `now`."""
    return verify_standard(delivery, secrets, now)
