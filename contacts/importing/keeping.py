"""How long files of contacts are kept: what was read of them goes with them, the import's account stays."""

from datetime import datetime, timedelta
from typing import Final

from contacts.models import Import

KEEP: Final = timedelta(days=30)


def purge(now: datetime) -> int:
    """Deletes the files, and the rows read from them, of imports past their keeping; how many imports."""
    old = Import.objects.filter(created_at__lt=now - KEEP, due_at=None).exclude(file="")
    for job in old:
        job.portions.update(cells=b"", records=None, problems=[])
        job.file.delete(save=False)
        Import.objects.filter(pk=job.pk).update(file="", sample=[])
    return len(old)
