"""How Mailgun signs: a time and a token within the body. What is told stands beside them and is not covered,
so that only HTTPS and the token, which counts once, protect it.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from providers.base import Delivery, by_any, field_of, form_pairs, fresh, hmac_hex, is_form, refusing, same
from providers.multipart import fields_in, is_multipart

# Mailgun gives up after eight hours.
OLDEST: Final = 9 * 3600
MAX_TOKEN: Final = 200


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the signing keys signed the time and the token in the body."""
    proof = proof_in(delivery)
    timestamp, token, given = (field_of(proof, name) for name in ("timestamp", "token", "signature"))
    if not 0 < len(token) <= MAX_TOKEN or not fresh(timestamp, now, seconds=OLDEST):
        return False
    message = (timestamp + token).encode()
    return by_any(secrets, lambda secret: same(given, hmac_hex(secret, message)))


def proof_in(delivery: Delivery) -> Any:
    """The part of the body that proves: `{"timestamp", "token", "signature"}`. Raises `ValueError`."""
    if is_form(delivery):
        return dict(form_pairs(delivery))
    if is_multipart(delivery):
        return fields_in(delivery)
    body = json.loads(delivery.body)
    return body.get("signature") if isinstance(body, dict) else None
