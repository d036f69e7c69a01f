"""How Postmark proves itself: it does not sign, it shows the user name and password staff wrote into the
address (HTTP Basic, RFC 7617). HTTPS alone protects what it tells.
"""

import base64
from collections.abc import Sequence
from datetime import datetime

from providers.base import Delivery, by_any, refusing, same


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the secrets, each written `user:password`, was shown."""
    scheme, _space, encoded = delivery.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    shown = base64.b64decode(encoded.strip(), validate=True).decode()
    return by_any(secrets, lambda secret: ":" in secret and same(shown, secret))
