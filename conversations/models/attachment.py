"""Files that came with what somebody wrote."""

from typing import Any, Final
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.arrival import Arrival
from conversations.models.message import Message

MAX_NAME: Final = 120


def _place(_file: Any, _name: str) -> str:
    """A name nobody can guess or choose, outside of what is served."""
    return f"attachments/{timezone.now():%Y/%m}/{uuid4().hex}"


class Attachment(models.Model):
    """A file of a message, or of a delivery that was put aside. What was not kept stands here with the reason.

    `source` is the address that it is fetched from, where it did not come along; `due_at` when that is tried.
    """

    class Status(models.TextChoices):
        KEPT = "kept", _("Kept")
        WAITING = "waiting", _("Is being fetched")
        LEFT_OUT = "left_out", _("Not kept")

    message = models.ForeignKey(
        Message, verbose_name=_("message"), null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    arrival = models.ForeignKey(
        Arrival, verbose_name=_("arrival"), null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    name = models.CharField(_("file"), max_length=MAX_NAME)
    content_type = models.CharField(_("type"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    file = models.FileField(upload_to=_place, max_length=120, blank=True, editable=False)
    source = models.CharField(_("fetched from"), max_length=1000, blank=True)
    status = models.CharField(_("state"), max_length=8, choices=Status.choices, default=Status.KEPT)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        constraints = [
            # with its arrival it is purged, with its message it stays
            models.CheckConstraint(
                condition=models.Q(message__isnull=False) ^ models.Q(arrival__isnull=False), name="attachment_of_one"
            ),
        ]
        indexes = [
            # fetching: what is to be asked for
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="attachment_due"),
        ]

    def __str__(self) -> str:
        return self.name
