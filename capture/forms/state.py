"""What a page of a form carries to the next request: signed, so that it comes back as we wrote it, or not at all.

The number of the submission is in it from the first page on, which makes sending twice count once.
"""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer

from capture.models import Form

SALT: Final = "capture.form"
# A page left open for longer is shown anew.
GOOD_FOR: Final = timedelta(days=7)
MAX: Final = 200_000


@dataclass(frozen=True)
class State:
    """Where a visitor stands. `begun` is in seconds since 1970; `path` are the pages gone through before this one."""

    form: int
    begun: float
    page: int
    uid: str = field(default_factory=lambda: str(uuid4()))
    path: list[int] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    page_url: str = ""
    referrer: str = ""
    utm: dict[str, str] = field(default_factory=dict)

    def signed(self) -> str:
        return Signer(salt=SALT).sign_object(asdict(self), compress=True)

    def age(self, now: datetime) -> float:
        """Seconds since the first page was shown."""
        return now.timestamp() - self.begun

    @property
    def number(self) -> UUID:
        return UUID(self.uid)


_NAMES: Final = {each.name for each in fields(State)}


def read(text: str, form: Form, now: datetime) -> State | None:
    """The state that was signed for this form; None for anything else, and for one that is too old."""
    if not text or len(text) > MAX:
        return None
    try:
        found = Signer(salt=SALT).unsign_object(text)
    except (BadSignature, ValueError):
        return None
    if not isinstance(found, dict) or set(found) != _NAMES or found["form"] != form.pk:
        return None
    state = State(**found)
    return state if state.age(now) < GOOD_FOR.total_seconds() else None
