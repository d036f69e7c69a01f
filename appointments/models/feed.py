"""Secret addresses under which calendar programs read appointments."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models.calendar import Calendar


class AppointmentFeed(models.Model):
    """Of a calendar, or of a member over all calendars. Of the token only its SHA-256 is kept."""

    calendar = models.OneToOneField(Calendar, null=True, blank=True, on_delete=models.CASCADE, related_name="feed")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="appointment_feed"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)

    class Meta:
        verbose_name = _("address of appointments")
        verbose_name_plural = _("addresses of appointments")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(calendar=None, user__isnull=False) | models.Q(calendar__isnull=False, user=None),
                name="feed_of_calendar_or_member",
            ),
        ]

    def __str__(self) -> str:
        return str(self.calendar or self.user)
