"""Where signed webhooks go: a receiver's URL, and the secret it checks them with."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from triggers.outside import net
from triggers.secrets import EncryptedTextField


def validate_url(value: str) -> None:
    """Raises ValidationError for a URL that would not be called."""
    try:
        net.check_url(value)
    except net.UnsafeUrl as error:
        raise ValidationError(str(error)) from None


class OutgoingEndpoint(models.Model):
    """A receiver of signed webhooks (Standard Webhooks 1.0.0). Workflows name it by its slug.

    While its secret is being changed, everything is signed with the previous one too, until
    `previous_secret_until`.
    """

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    url = models.CharField(_("URL"), max_length=500, validators=[validate_url])
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Switched off, workflows pass over what they would send to it.")
    )
    secret = EncryptedTextField(_("secret"), editable=False)
    previous_secret = EncryptedTextField(blank=True, default="", editable=False)
    previous_secret_until = models.DateTimeField(_("previous secret signs until"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("outgoing webhook")
        verbose_name_plural = _("outgoing webhooks")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def secrets(self, now: datetime) -> list[str]:
        """What to sign with now, the present secret first. Raises SecretUnreadable."""
        if self.previous_secret_until is None or self.previous_secret_until <= now:
            return [self.secret]
        return [self.secret, self.previous_secret]
