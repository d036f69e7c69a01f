"""Rehearsals: the real engine over real rows, inside a transaction that is rolled back.

What others do meanwhile is not touched: no row that there was is locked, and what is compiled is the rehearsal's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from triggers.matching.compiled import Cast, rehearsing
from triggers.running.acting import forget_versions


@contextmanager
def rehearsal(*, with_live: bool = False) -> Iterator[None]:
    """Everything within is undone at the end, and nothing that it published is remembered.

    Only the workflows published within it run, unless it is `with_live`: those there are would do their work in a
    play that is not theirs. Actions that cannot be undone are told, not done.
    """
    forget_versions()
    token = rehearsing.set(Cast(None if with_live else set()))
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        rehearsing.reset(token)
        forget_versions()
