"""A workflow started for what already is: past events, or contacts that match."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from triggers.models.workflow import Workflow


class Backfill(models.Model):
    """Counted first, then started bit by bit; can be cancelled. `cursor` is the last id looked at."""

    class Over(models.TextChoices):
        EVENTS = "events", _("Past events")
        CONTACTS = "contacts", _("Contacts")

    class Status(models.TextChoices):
        COUNTED = "counted", _("Counted")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="backfills")
    over = models.CharField(_("over"), max_length=8, choices=Over.choices)
    since = models.DateTimeField(_("events since"), null=True, blank=True)
    conditions = models.JSONField(_("contacts that"), null=True, blank=True)
    per_minute = models.PositiveIntegerField(_("starts a minute"), default=60)
    status = models.CharField(_("state"), max_length=9, choices=Status.choices, default=Status.COUNTED)
    matching = models.PositiveIntegerField(_("matching"), default=0)
    started = models.PositiveIntegerField(_("started"), default=0)
    cursor = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("backfill")
        verbose_name_plural = _("backfills")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.workflow}: {self.get_over_display()}"
