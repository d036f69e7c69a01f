"""What other apps do with events once they are judged: each fills its own in `ready`, as with `sweeping.purgers`.

A follower is called with each batch within the transaction that matches it, so it hears of every event that is
not muted, and of each once. It only notes what is to be done: what it raises keeps the batch from being matched.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from triggers.models.event import Event

followers: dict[str, Callable[[Sequence[Event], datetime], None]] = {}


def tell(events: Sequence[Event], now: datetime) -> None:
    for follower in followers.values():
        follower(events, now)
