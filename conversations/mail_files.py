"""Keeping files for mails: checked as they come in, and replaced without a trace of the former."""

import mimetypes
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from conversations.models import MailFile
from triggers import files


@files.undone_on_failure()
@transaction.atomic
def keep(row: MailFile, given: Any) -> MailFile:
    """Stores the row with the file that was handed in, checked (`triggers.files.check`) by now.

    The former file goes once it is sure that this one stays.
    """
    former = str(MailFile.objects.filter(pk=row.pk).values_list("file", flat=True).first() or "") if row.pk else ""
    row.filename = files.plain_name(given.name or "")
    row.content_type = mimetypes.guess_type(row.filename)[0] or "application/octet-stream"
    row.file, row.size, row.updated_at = given, given.size, timezone.now()
    row.save()
    files.written(row.file)
    if former:
        transaction.on_commit(partial(default_storage.delete, former))
    return row
