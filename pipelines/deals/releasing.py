"""That a contact's open task went away without being done: deals that it held back are told of (`stale`).

A task that is completed says so itself; one that is deleted, or given to another contact, leaves nothing behind, so
the moment is written on the deals.
"""

from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, pre_save
from django.utils import timezone

from contacts.models import Task
from pipelines.models import Opportunity


def connect() -> None:
    post_delete.connect(_deleted, sender=Task, dispatch_uid="deals.releasing deleted")
    pre_save.connect(_given_away, sender=Task, dispatch_uid="deals.releasing given away")


def _deleted(instance: Task, origin: Model | QuerySet[Any], **_kwargs: Any) -> None:
    # with its contact its deals are going too
    if (origin.model if isinstance(origin, QuerySet) else type(origin)) is Task:
        _release(instance, instance.contact_id)


def _given_away(instance: Task, **_kwargs: Any) -> None:
    before = instance.loaded("contact_id")
    if before != instance.contact_id:
        _release(instance, before)


def _release(task: Task, contact_id: int | None) -> None:
    if contact_id is not None and task.completed_at is None:
        Opportunity.objects.filter(contact=contact_id).update_untold(task_gone_at=timezone.now())
