"""How long submissions are kept: for good with their contact, 30 days where they were held back as spam.

Their files go with them (`triggers.files.go_with`).
"""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from capture.models import Submission

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
