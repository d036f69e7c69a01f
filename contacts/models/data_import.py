"""An import: one file of contacts on its way in, and how far it has come."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """A file, what its columns mean, what is to be done with its rows, and what was done.

    Work goes portion by portion (`ImportPortion`), each in one transaction. `due_at` says when the next may
    begin; whoever takes it up moves it ahead as a lease. Empty means: nothing to do until a person decides.
    """

    class Status(models.TextChoices):
        NEW = "new", _("Columns to choose")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Ready to start")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"
        VCARD = "vcard", "vCard"

    name = models.CharField(_("file"), max_length=200)
    file = models.FileField(upload_to="imports/%Y/%m/")
    format = models.CharField(_("format"), max_length=5, choices=Format.choices)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    made_by = models.CharField(_("exported by"), max_length=40, blank=True)
    header = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    signature = models.CharField(max_length=64)
    # column number, as text → name of the importable field
    mapping = models.JSONField(default=dict)
    # see `contacts.importing.options.Options`
    options = models.JSONField(default=dict)
    status = models.CharField(_("state"), max_length=9, choices=Status.choices, default=Status.NEW)
    failure = models.CharField(max_length=300, blank=True)
    # the state in which it broke on our side, to be resumed in; empty where the file is at fault
    broke_while = models.CharField(max_length=9, choices=Status.choices, blank=True)
    read_at = models.DateTimeField(null=True)
    # rows of the file, and how many of them the present phase has behind it
    rows = models.PositiveIntegerField(_("rows"), default=0)
    position = models.PositiveIntegerField(default=0)
    broken_line = models.PositiveIntegerField(null=True)
    broken_why = models.CharField(max_length=300, blank=True)
    problems = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("left as they were"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    removed = models.PositiveIntegerField(_("removed again"), default=0)
    kept = models.PositiveIntegerField(_("kept"), default=0)
    due_at = models.DateTimeField(null=True)
    # failures in a row of the portion that is due
    attempts = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [
            # the sweep: imports with work to do
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="import_due"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def origin(self) -> str:
        """What its events carry as their origin."""
        return f"import {self.pk}"
