"""When members are busy elsewhere, as their own calendars tell (iCalendar, RFC 5545)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from triggers.secrets import EncryptedTextField


class BusyFeed(models.Model):
    """The secret address of a member's calendar elsewhere. It is asked when `due_at` has come."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("member"), on_delete=models.CASCADE, related_name="busy_feeds"
    )
    name = models.CharField(_("name"), max_length=120)
    url = EncryptedTextField(_("address"), help_text=_("Ends in .ics as a rule. It is secret, and not shown again."))
    active = models.BooleanField(_("active"), default=True)
    every_minutes = models.PositiveSmallIntegerField(
        _("asked every"), default=15, validators=[MinValueValidator(5), MaxValueValidator(1440)],
        help_text=_("In minutes."),
    )  # fmt: skip
    due_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("last read"), null=True, editable=False)
    etag = models.CharField(max_length=255, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    error = models.CharField(_("trouble"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("calendar elsewhere")
        verbose_name_plural = _("calendars elsewhere")
        ordering = ["name", "id"]
        indexes = [
            # busy.work: which feeds are due, the longest due first
            models.Index(fields=["due_at"], condition=models.Q(active=True), name="busy_feed_due"),
        ]

    def __str__(self) -> str:
        return self.name


class BusyTime(models.Model):
    """A span in which a member is busy elsewhere."""

    feed = models.ForeignKey(BusyFeed, on_delete=models.CASCADE, related_name="times")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [
            # slots.free: what overlaps a span
            models.Index(fields=["user", "end_at"], name="busy_time_user"),
        ]

    def __str__(self) -> str:
        return f"{self.start_at:%Y-%m-%d %H:%M}"
