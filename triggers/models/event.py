"""Something happened: the history, and at the same time the queue of what is still to be matched."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Lane(models.IntegerChoices):
    """Which worker takes a row up: people's own acts never wait behind an import."""

    FAST = 0, _("At once")
    OUTSIDE = 1, _("Outside")
    BULK = 2, _("In bulk")


class Event(models.Model):
    """One row: it happened, when, to whom, what changed, who or what caused it.

    Append-only but for the matching columns. Subject and contact are plain numbers, so history
    outlives its subject.
    """

    class Actor(models.TextChoices):
        USER = "user", _("Staff")
        API = "api", _("API client")
        IMPORT = "import", _("Import")
        PROVIDER = "provider", _("Provider")
        WORKFLOW = "workflow", _("Workflow")
        CLOCK = "clock", _("Clock")
        SYSTEM = "system", _("System")

    id = models.BigAutoField(primary_key=True)
    type = models.CharField(_("type"), max_length=80)
    occurred_at = models.DateTimeField(_("happened"), default=timezone.now)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(_("contact"), null=True)
    data = models.JSONField(_("payload"), default=dict, encoder=DjangoJSONEncoder)
    changes = models.JSONField(_("changes"), default=dict, encoder=DjangoJSONEncoder)
    actor = models.CharField(_("by"), max_length=10, choices=Actor.choices, default=Actor.SYSTEM)
    actor_id = models.CharField(max_length=60, blank=True)
    origin = models.CharField(_("origin"), max_length=120, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    # the key of the action run whose effect this is
    cause = models.UUIDField(_("caused by"), null=True)
    root = models.BigIntegerField(null=True)
    depth = models.SmallIntegerField(default=0)
    lineage = models.JSONField(default=list)
    dedup_key = models.CharField(max_length=200, null=True)
    # addressed: what the clock found for one trigger concerns no other
    only_workflow = models.BigIntegerField(null=True)
    only_trigger = models.CharField(max_length=40, blank=True)
    muted = models.BooleanField(default=False)
    lane = models.SmallIntegerField(choices=Lane.choices, default=Lane.FAST)
    matched_at = models.DateTimeField(_("matched"), null=True)
    match_attempts = models.SmallIntegerField(default=0)
    match_after = models.DateTimeField(null=True)
    match_error = models.CharField(_("matching failed"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [("replay_event", _("Can replay events"))]
        constraints = [
            models.UniqueConstraint(
                fields=["dedup_key"], condition=models.Q(dedup_key__isnull=False), name="event_once"
            ),
        ]
        indexes = [
            # matching.claim: unmatched events of a lane, oldest first
            models.Index(fields=["lane", "id"], condition=models.Q(matched_at=None), name="event_queue"),
            # the contact's timeline; a wait looking back for its event
            models.Index(fields=["contact_id", "-id"], name="event_contact"),
            # the history of one record
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_subject"),
            # dry run and backfill over past events of a type
            models.Index(fields=["type", "-id"], name="event_type"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"
