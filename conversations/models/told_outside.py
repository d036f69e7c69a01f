"""Whom staff notices went to beside users: what keeps each address from being told twice, or too often."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ToldOutside(models.Model):
    """One notice to one e-mail address or phone number. Kept for as long as its action may be tried again."""

    # the action run's key, and what the address makes of it
    key = models.CharField(max_length=65, unique=True)
    address = models.CharField(max_length=320)
    created_at = models.DateTimeField()
    sent = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        verbose_name = _("notice to an address")
        verbose_name_plural = _("notices to addresses")
        indexes = [
            # notices.still_to_tell: how many an address got within the hour
            models.Index(fields=["address", "created_at"], name="told_outside_hour"),
            # notices.purge
            models.Index(fields=["created_at"], name="told_outside_at"),
        ]

    def __str__(self) -> str:
        return self.address
