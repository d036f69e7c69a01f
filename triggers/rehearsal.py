"""Rehearsals: the real engine over real rows, inside a transaction that is rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from triggers.matching import compiled
from triggers.models import Trigger
from triggers.running import walk
from triggers.workflows import document, trigger_rows


@contextmanager
def rehearsal(*, with_live: bool = False) -> Iterator[None]:
    """Everything within is undone at the end, and nothing that it published is remembered.

    Only the workflows made within it run, unless it is `with_live`: those there are would do their work in a
    play that is not theirs.
    """
    _forget()
    try:
        with transaction.atomic():
            if with_live:
                yield
                transaction.set_rollback(True)
                return
            types = set(Trigger.objects.values_list("event_type", flat=True))
            Trigger.objects.all().delete()
            trigger_rows.touch(types)
            yield
            transaction.set_rollback(True)
    finally:
        _forget()


def _forget() -> None:
    """Versions and stamps that were rolled back may be given again, to others."""
    compiled.forget()
    document.of_version.cache_clear()
    walk.configured.cache_clear()
