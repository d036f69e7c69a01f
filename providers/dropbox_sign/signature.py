"""How Dropbox Sign signs: HMAC-SHA256 of the event's time and type, within the body.

Nothing else is covered, not even which document it is about: whoever acts on it asks Dropbox Sign first.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from providers.base import Delivery, by_any, field_of, fresh, hmac_hex, refusing, same
from providers.dropbox_sign.reading import event_in

# An event is sent again for about three days, with the time it first had.
OLDEST: Final = 4 * 24 * 3600


@refusing
def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the API keys made the event's hash."""
    event = event_in(delivery).get("event")
    moment, kind, given = (field_of(event, name) for name in ("event_time", "event_type", "event_hash"))
    if not fresh(moment, now, seconds=OLDEST):
        return False
    return by_any(secrets, lambda secret: same(given, hmac_hex(secret, (moment + kind).encode())))
