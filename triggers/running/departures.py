"""What other apps do when a workflow's message to a contact has left: each fills its own in `ready`, as with followers.

A hearer is called within the transaction that records the sending; what it raises undoes the record, not the message.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from triggers import registry
from triggers.action_types import Done, Outcome
from triggers.models.run import Run

hearers: Final[dict[str, Callable[[Run, datetime], None]]] = {}


def tell(run: Run, action: str, outcome: Outcome, now: datetime) -> None:
    """Tells of the action if it was one that sends, and has."""
    kind = registry.actions.get(action)
    if kind is not None and kind.sends and isinstance(outcome, Done) and run.contact_id is not None:
        for hear in hearers.values():
            hear(run, now)
