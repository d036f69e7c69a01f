"""The log of do-not-disturb: who closed or opened which channel, when, and why."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import CHANNELS, Contact
from triggers.context import acting
from triggers.models.event import Event
from triggers.tracking import Tracked


def _actor() -> str:
    return acting().actor


def _actor_id() -> str:
    return acting().actor_id


def _origin() -> str:
    return acting().origin


class DndChange(Tracked):
    """One channel of one contact was closed or opened; "all" is a channel of its own. Rows are never changed."""

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("By the contact")
        OUTBOUND = "outbound", _("By us")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="dnd_changes")
    channel = models.CharField(_("channel"), max_length=10, choices=(("all", _("Everything")), *CHANNELS))
    enabled = models.BooleanField(_("do not disturb"))
    old = models.BooleanField(_("before"))
    direction = models.CharField(_("asked"), max_length=8, choices=Direction.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    actor = models.CharField(_("by"), max_length=10, choices=Event.Actor.choices, default=_actor)
    actor_id = models.CharField(max_length=60, blank=True, default=_actor_id)
    origin = models.CharField(_("from"), max_length=120, blank=True, default=_origin)
    at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name = _("change of do not disturb")
        verbose_name_plural = _("changes of do not disturb")
        ordering = ["-id"]
        default_permissions = ("view",)
        # the contact's page: the latest changes
        indexes = [models.Index(fields=["contact", "-id"], name="dnd_of_contact")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.enabled}"

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The log of do-not-disturb is only added to.")
        super().save(**kwargs)
