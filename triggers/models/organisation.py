"""The organisation that runs this installation, and the notices its staff get."""

from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def validate_zone(value: str) -> None:
    """Raises ValidationError unless `value` is an IANA time zone."""
    if value not in available_timezones():
        raise ValidationError(_("“%(zone)s” is no time zone. Enter one such as Europe/Berlin."), params={"zone": value})


class Organisation(models.Model):
    """One row that staff edit."""

    name = models.CharField(_("name"), max_length=120, default="Concours")
    postal_address = models.TextField(_("postal address"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_zone])
    sender = models.CharField(_("sender"), max_length=200, blank=True, help_text=_("Name <address> of outgoing mail"))
    reply_to = models.EmailField(_("reply to"), blank=True)
    quiet_from = models.TimeField(_("quiet hours from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet hours to"), null=True, blank=True)
    frequency_cap = models.PositiveSmallIntegerField(
        _("messages per contact a day"), null=True, blank=True, help_text=_("Empty means no limit.")
    )
    holidays = models.JSONField(_("holidays"), default=list, blank=True, help_text=_("Dates, such as 2026-12-25."))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @classmethod
    def get(cls) -> "Organisation":
        """The one row; an unsaved one with defaults before anybody has edited it."""
        return cls.objects.first() or cls(time_zone=settings.TIME_ZONE)


class Notice(models.Model):
    """A notice to one member of staff, shown in the admin until read."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    text = models.TextField(_("notice"))
    link = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=120, null=True, unique=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text[:80]


class Heartbeat(models.Model):
    """When a periodic job last ran."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
