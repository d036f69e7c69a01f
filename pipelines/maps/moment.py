"""What time it is for the acts of maps: the clock's, unless a rehearsal says otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def present() -> datetime:
    """The moment of an act that is not told its own: a signal that a contact was saved brings none."""
    return _standing.get() or timezone.now()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Within the block it is this moment."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)
