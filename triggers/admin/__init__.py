"""The engine's admin: a module for each kind of page; importing them registers them."""

from triggers.admin import (
    access,
    backfills,
    events,
    misses,
    notices,
    organisation,
    outgoing,
    receivers,
    runs,
    workflows,
)

__all__ = [
    "access",
    "backfills",
    "events",
    "misses",
    "notices",
    "organisation",
    "outgoing",
    "receivers",
    "runs",
    "workflows",
]
