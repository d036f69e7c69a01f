"""Numbers that contacts once had: what is left of a contact that was merged into another."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from triggers.context import acting
from triggers.models.event import Event


def _actor() -> str:
    return acting().actor


def _actor_id() -> str:
    return acting().actor_id


def _origin() -> str:
    return acting().origin


class ContactAlias(models.Model):
    """The contact that was number `old_id` lives on as `contact`. Also the record of the merge, for the timeline."""

    old_id = models.BigIntegerField(_("former number"), unique=True)
    contact = models.ForeignKey(Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="aliases")
    merged_at = models.DateTimeField(_("merged"), default=timezone.now)
    actor = models.CharField(_("by"), max_length=10, choices=Event.Actor.choices, default=_actor)
    actor_id = models.CharField(max_length=60, blank=True, default=_actor_id)
    origin = models.CharField(max_length=120, blank=True, default=_origin)
    # rows by what they are: {"contacts.note": 2, "triggers.event": 40}
    moved = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("former contact")
        verbose_name_plural = _("former contacts")
        default_permissions = ()
        # the contact's page and its timeline: `contact` is indexed as a foreign key

    def __str__(self) -> str:
        return f"{self.old_id} → {self.contact_id}"
