"""What staff configure: workflows, their published versions, and the triggers matching reads."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Workflow(models.Model):
    """When this happens, if that holds, do these things. `draft` is edited; a version runs."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LIVE = "live", _("Live")
        OBSERVING = "observing", _("Observing")
        PAUSED = "paused", _("Paused")
        ARCHIVED = "archived", _("Archived")

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=140, unique=True)
    description = models.TextField(_("description"), blank=True)
    folder = models.CharField(_("folder"), max_length=80, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    paused_reason = models.CharField(_("why it is paused"), max_length=300, blank=True)
    draft = models.JSONField(_("draft"), default=dict, blank=True)
    current = models.ForeignKey(
        "WorkflowVersion", verbose_name=_("live version"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    enabled_at = models.DateTimeField(_("live since"), null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("workflow")
        verbose_name_plural = _("workflows")
        ordering = ["name"]
        permissions = [
            ("publish_workflow", _("Can publish, pause and roll back workflows")),
            ("backfill_workflow", _("Can start workflows for existing matches")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_matching(self) -> bool:
        return self.status in (self.Status.LIVE, self.Status.OBSERVING)


class WorkflowVersion(models.Model):
    """The document a publish made; a run pins the version it began with. Never changed."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    document = models.JSONField(_("document"))
    checksum = models.CharField(max_length=64)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("published by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    created_at = models.DateTimeField(_("published"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("workflow version")
        verbose_name_plural = _("workflow versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["workflow", "number"], name="version_number_once"),
        ]

    def __str__(self) -> str:
        return _("%(workflow)s, version %(number)d") % {"workflow": self.workflow, "number": self.number}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A workflow version never changes; publish a new one.")
        super().save(*args, **kwargs)


class Trigger(models.Model):
    """A start or an exit of a workflow in force, written out of its version so that matching can look it up."""

    class Kind(models.TextChoices):
        START = "start", _("Starts a run")
        EXIT = "exit", _("Ends runs")

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="triggers")
    uid = models.CharField(max_length=40)
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.START)
    event_type = models.CharField(max_length=80)
    config = models.JSONField(default=dict)
    conditions = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workflow", "uid"], name="trigger_uid_once")]
        indexes = [
            # compiled.load: the triggers of an event type
            models.Index(fields=["event_type"], name="trigger_event_type"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} → {self.workflow_id}"


class CompileStamp(models.Model):
    """Grows with every publish or pause that concerns an event type: what is compiled older is stale."""

    event_type = models.CharField(max_length=80, unique=True)
    number = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.event_type} {self.number}"
