"""Who must not be written to."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.addresses import BadAddress, normalised, read


class Suppression(models.Model):
    """An address nobody may write to, and why. It holds for every contact that has the address."""

    class Reason(models.TextChoices):
        UNSUBSCRIBE = "unsubscribe", _("Unsubscribed")
        BOUNCE = "bounce", _("Bounced for good")
        COMPLAINT = "complaint", _("Complained of spam")
        FORGOTTEN = "forgotten", _("Asked to be forgotten")

    # of a forgotten person the keyed digest, which begins with "#"
    address = models.CharField(_("address"), max_length=320)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-id"]
        constraints = [
            # gate: is the address suppressed; one row for each reason, as each is lifted by itself
            models.UniqueConstraint(fields=["address", "reason"], name="suppression_once"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.get_reason_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.address = normalised(self.address)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.address.startswith("#"):
            return
        try:
            self.address = normalised(read(self.address))
        except BadAddress as error:
            raise ValidationError({"address": str(error)}) from None
