"""Who may use the API, and what was answered to a request that may be sent twice."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from triggers.secrets import EncryptedTextField


class ApiKey(models.Model):
    """A client's key: shown once, stored as prefix and SHA-256; acts with its user's permissions at most."""

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("acts for"), on_delete=models.CASCADE)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotencyRecord(models.Model):
    """The answer to a POST with this Idempotency-Key, kept 24 h; a repeat gets it again."""

    owner = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(null=True)
    # JSON; encrypted, since an answer may tell a token that is told only once
    body = EncryptedTextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return self.key
