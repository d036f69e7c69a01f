"""How long submissions are kept: for good with their contact, 30 days where they were held back as spam.

Their files go with them, once it is sure that the rows are gone.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.utils import timezone

from capture.models import Submission, SubmissionFile

KEEP_HELD_BACK: Final = timedelta(days=30)
CHUNK: Final = 500


def purge(now: datetime | None = None) -> int:
    """Deletes what was held back more than 30 days ago, in chunks; how many."""
    before = (now or timezone.now()) - KEEP_HELD_BACK
    old = Submission.objects.filter(status=Submission.Status.TRAP, received_at__lt=before)
    total = 0
    while ids := list(old.values_list("pk", flat=True)[:CHUNK]):
        Submission.objects.filter(pk__in=ids).delete()
        total += len(ids)
    return total


def watch() -> None:
    """Has each row of a file take its file along, however it is deleted."""
    post_delete.connect(_gone, sender=SubmissionFile, dispatch_uid="capture.submission-file")


def _gone(instance: SubmissionFile, **_: Any) -> None:
    transaction.on_commit(partial(_delete, [str(instance.file.name or "")]))


def _delete(names: Iterable[str]) -> None:
    for name in names:
        if name:
            default_storage.delete(name)
