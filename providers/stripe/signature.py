"""How Stripe signs: HMAC-SHA256 of time and body, in `Stripe-Signature: t=…,v1=…`."""

from collections.abc import Sequence
from datetime import datetime

from providers.base import Delivery, by_any, fresh, refusing, stamped


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the endpoint secrets (`whsec_…`) signed this within five minutes of `now`.

    The library compares the signatures. The time is judged here: by its own clock it bounds the past alone.
    """
    header = delivery.headers.get("Stripe-Signature", "")
    timestamp, given = stamped(header, "v1")
    if not given or not fresh(timestamp, now):
        return False
    # Of the header only what was read above, so that the library cannot read another time in it.
    read = ",".join([f"t={timestamp}", *(f"v1={item}" for item in given)])
    body = delivery.body.decode()
    return by_any(secrets, lambda secret: _signed(body, read, secret))


def _signed(body: str, header: str, secret: str) -> bool:
    # Imported at the first delivery: the whole library takes more than a second, at every start of a process.
    from stripe import SignatureVerificationError, WebhookSignature

    try:
        return bool(WebhookSignature.verify_header(body, header, secret))
    except SignatureVerificationError:
        return False
