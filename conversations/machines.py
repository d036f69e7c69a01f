"""Whether a person opened a mail or followed its link: by what the program says of itself, and by how soon it came."""

from datetime import datetime, timedelta
from typing import Final

from triggers.outside import programs

# No person has read a mail so soon after it left.
AT_ONCE: Final = timedelta(seconds=2)


def is_program(user_agent: str, sent_at: datetime | None, now: datetime) -> bool:
    """Whether a program did it."""
    soon = sent_at is not None and now - sent_at < AT_ONCE
    return soon or programs.is_program(user_agent)
