"""Who moved to another time zone, and when: for what the old clock had still to bring, and the new one had behind it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact


class ZoneChange(models.Model):
    """A contact's time zone became another at this moment; either is empty where it is the account's.

    Kept by `contacts.dates.moving`, for as long as a scan looks back.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="zone_changes")
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of time zone")
        verbose_name_plural = _("changes of time zone")
        # dates.moving: who moved within a window; purged by age
        indexes = [models.Index(fields=["at"], name="zone_change_at")]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.before} to {self.after}: {self.at}"
