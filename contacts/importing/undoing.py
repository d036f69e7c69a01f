"""Taking an import back: the contacts it made and that nothing happened to since."""

from typing import Final

from django.db.models import Q

from contacts.models import Contact, Import, ImportPortion
from triggers.context import act_as
from triggers.models import Event

CHUNK: Final = 500


def remove(job: Import, portion: ImportPortion) -> int:
    """Deletes the portion's contacts that are as the import left them; how many. Starts no automations."""
    removed = 0
    with act_as(actor="import", actor_id=str(job.pk), origin=job.origin, muted=True):
        for at in range(0, len(portion.created), CHUNK):
            untouched = _untouched(job, portion, portion.created[at : at + CHUNK])
            removed += len(untouched)
            Contact.objects.filter(pk__in=untouched).delete()
    return removed


def _untouched(job: Import, portion: ImportPortion, ids: list[int]) -> list[int]:
    """Those that were not saved since the import, and that no event but its own tells of."""
    since = job.finished_at or portion.ran_at
    told_of = Event.objects.filter(Q(occurred_at__gt=portion.ran_at) & ~Q(origin=job.origin), contact_id__in=ids)
    same = Contact.objects.select_for_update().filter(pk__in=ids, updated_at__lte=since)
    return sorted(set(same.values_list("pk", flat=True)) - set(told_of.values_list("contact_id", flat=True)))
