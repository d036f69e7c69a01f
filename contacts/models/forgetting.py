"""People who were forgotten, or are being forgotten, and how far that has come."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from triggers.context import acting
from triggers.models.event import Event


def _actor() -> str:
    return acting().actor


def _actor_id() -> str:
    return acting().actor_id


class Forgetting(models.Model):
    """One person's data is being blanked, table by table. `step` is the table under way, `position` the last row done.

    `again_at`: a call was under way when it began, whose record may come later; the tables are gone through
    once more then.
    """

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="forgetting")
    step = models.CharField(max_length=40, blank=True)
    position = models.BigIntegerField(default=0)
    # rows by table: {"events": 40}
    counts = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True, default=timezone.now)
    again_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=10, choices=Event.Actor.choices, default=_actor)
    actor_id = models.CharField(max_length=60, blank=True, default=_actor_id)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            # the sweep: who is still to be forgotten
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="forgetting_due"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.step}"
