"""What was told of a contact's dates counts for the contact it is merged into: no occurrence is told again."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from contacts.dates.due import renumbered
from triggers.models.event import Event

TYPES: Final = ("contact.birthday", "contact.custom_date_reached")
# Longer than a scan looks back, and than the days of two zones lie apart.
RECENT: Final = timedelta(days=4)


def follow(gone: int, survivor: int, now: datetime) -> None:
    """Renames the keys of the occurrences told of `gone`; where the survivor's was told too, there is nothing to do.

    Call it while the events still are those of `gone`.
    """
    told = Event.objects.filter(contact_id=gone, type__in=TYPES, occurred_at__gt=now - RECENT)
    for pk, key in told.exclude(dedup_key=None).values_list("pk", "dedup_key"):
        try:
            with transaction.atomic():
                Event.objects.filter(pk=pk).update(dedup_key=renumbered(str(key), survivor))
        except IntegrityError:
            pass
