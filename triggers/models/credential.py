"""What workflows show to other systems to be let in. Named in a workflow, never written into it."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from triggers.models.endpoint import validate_url
from triggers.outside import net
from triggers.secrets import EncryptedTextField

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class Credential(models.Model):
    """A secret, how it is sent, and to which hosts.

    The hosts keep whoever may edit a workflow from having the secret sent to a receiver of their own.
    `token` is the OAuth2 access token in use.
    """

    class Kind(models.TextChoices):
        BASIC = "basic", _("User name and password (Basic)")
        BEARER = "bearer", _("Token (Bearer)")
        API_KEY = "api_key", _("API key in a header")
        OAUTH2 = "oauth2", _("OAuth2 client credentials")

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    hosts = models.CharField(
        _("hosts"), max_length=300, help_text=_("The only hosts it is sent to, with spaces between: api.example.com")
    )
    username = models.CharField(_("user name or client id"), max_length=200, blank=True)
    secret = EncryptedTextField(_("password, token, key or client secret"))
    header = models.CharField(_("header of the API key"), max_length=80, default="X-Api-Key")
    token_url = models.CharField(_("token URL"), max_length=500, blank=True)
    scope = models.CharField(_("scope"), max_length=500, blank=True)
    secret_in_body = models.BooleanField(
        _("send the client secret in the body"),
        default=False,
        help_text=_("For token URLs that do not take it as Basic authorisation."),
    )
    token = EncryptedTextField(blank=True, default="", editable=False)
    token_expires_at = models.DateTimeField(_("token expires"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def is_for(self, host: str) -> bool:
        return host.lower() in self.hosts.lower().split()

    def clean(self) -> None:
        """Each kind needs its own fields; a secret in use is forgotten with what it was for."""
        errors: dict[str, Any] = {}
        # Unopened, so that one whose key is lost can be mended.
        secret: Any = self._meta.get_field("secret")
        if not secret.value_from_object(self):
            errors["secret"] = _("Enter the secret.")
        if not all(map(_HOST.fullmatch, self.hosts.lower().split())):
            errors["hosts"] = _("Enter host names only, such as api.example.com.")
        if self.kind in (self.Kind.BASIC, self.Kind.OAUTH2) and not self.username:
            errors["username"] = _("Enter the user name or client id.")
        if self.kind == self.Kind.BASIC and ":" in self.username:
            errors["username"] = _("A user name holds no colon.")
        errors |= self._header_errors() if self.kind == self.Kind.API_KEY else {}
        errors |= self._token_url_errors() if self.kind == self.Kind.OAUTH2 else {}
        if errors:
            raise ValidationError(errors)
        self.token, self.token_expires_at = "", None

    def _header_errors(self) -> dict[str, str]:
        try:
            net.check_headers({self.header: ""})
        except net.UnsafeHeader as error:
            return {"header": str(error)}
        return {}

    def _token_url_errors(self) -> dict[str, Any]:
        try:
            validate_url(self.token_url)
        except ValidationError as error:
            return {"token_url": error.messages}
        return {}
