"""Lets messages go that were held for want of an address or number, as soon as the contact has one."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models.signals import post_save
from django.utils import timezone

from contacts.models import Contact
from triggers import poke
from triggers.event_types import Row
from triggers.models import Run
from triggers.models.event import Lane
from triggers.signals import rows_changed

# What a held message may be waiting for.
REACHED_BY: Final = ("email", "phone")


def connect() -> None:
    """Called once, when all apps are ready."""
    post_save.connect(_after_save, sender=Contact, dispatch_uid="held_mail:save")
    rows_changed.connect(_after_bulk, sender=Contact, dispatch_uid="held_mail:bulk")


def release(contact_ids: Collection[int]) -> int:
    """Takes up the held runs of these contacts at once; how many. Those that a receiver or a pause holds stay held."""
    held = Run.objects.filter(contact_id__in=contact_ids, status=Run.Status.HELD, target="", due_at__isnull=False)
    count = held.update(due_at=timezone.now())
    if count:
        poke.after_commit(Lane.OUTSIDE)
    return count


def _after_save(instance: Contact, created: bool, update_fields: Collection[str] | None, **_: Any) -> None:
    written = [name for name in REACHED_BY if update_fields is None or name in update_fields]
    if not created and any(getattr(instance, name) for name in written):
        release([instance.pk])


def _after_bulk(created: bool, rows: list[Row], **_: Any) -> None:
    ids = [row.pk for row in rows if any(row.after.get(name) and row.changes([name]) for name in REACHED_BY)]
    if ids and not created:
        release(ids)
