"""Who is acting, and what caused it: carried from a request or an action to every event it records."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Acting:
    """What every event records about its origin.

    `lineage` holds one "workflow:subject" entry for each workflow whose action led here, so that a
    workflow can refuse to run on its own effect (engine-notes 3, guard 1).
    """

    actor: str = "system"
    actor_id: str = ""
    origin: str = ""
    request_id: str = ""
    cause: UUID | None = None
    root: int | None = None
    depth: int = 0
    lineage: tuple[str, ...] = ()
    muted: bool = False
    bulk: bool = False


_NOBODY = Acting()
_acting: ContextVar[Acting] = ContextVar("acting", default=_NOBODY)


def acting() -> Acting:
    return _acting.get()


def by_whom() -> str:
    """Who acts now, for a column: a kind, and a name where there is one, such as `user:7`."""
    who = _acting.get()
    return f"{who.actor}:{who.actor_id}" if who.actor_id else who.actor


@contextmanager
def act_as(**changes: Any) -> Iterator[Acting]:
    """Within the block, events carry these fields of `Acting`; the others stay as they were."""
    token = _acting.set(replace(_acting.get(), **changes))
    try:
        yield _acting.get()
    finally:
        _acting.reset(token)


@contextmanager
def quiet(origin: str) -> Iterator[Acting]:
    """Within the block events are recorded but start nothing: they count as matched already."""
    with act_as(muted=True, origin=origin) as current:
        yield current
