"""Connections to accounts at providers, and everything their deliveries told."""

import json
import secrets as random
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import frame
from triggers.indexing import one_of
from triggers.secrets import EncryptedTextField


def new_public_id() -> str:
    """128 random bits: whoever knows the provider cannot guess the address."""
    return random.token_hex(16)


class Connection(models.Model):
    """An account at a provider. Its secrets are kept as one encrypted JSON object, by the provider's names.

    While a secret changes, the former one proves deliveries until `previous_until`.
    """

    provider = models.CharField(_("provider"), max_length=40, editable=False)
    name = models.CharField(_("name"), max_length=120)
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    account_id = models.CharField(_("account"), max_length=200, blank=True)
    secrets = EncryptedTextField(blank=True, default="", editable=False)
    previous_secrets = EncryptedTextField(blank=True, default="", editable=False)
    previous_until = models.DateTimeField(_("former secrets work until"), null=True, editable=False)
    options = models.JSONField(_("settings"), default=dict, editable=False)
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Switched off, its address answers 410 Gone and stores nothing.")
    )
    per_minute = models.PositiveIntegerField(
        _("deliveries a minute"), default=1200, validators=[MinValueValidator(1), MaxValueValidator(200_000)],
        help_text=_("More are answered with 429, and the provider sends them again."),
    )  # fmt: skip
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    last_received_at = models.DateTimeField(_("last delivery"), null=True, editable=False)
    last_error = models.CharField(_("last trouble"), max_length=300, blank=True, editable=False)
    last_error_at = models.DateTimeField(_("last trouble at"), null=True, editable=False)
    refused = models.PositiveBigIntegerField(_("refused deliveries"), default=0, editable=False)
    last_refused_at = models.DateTimeField(_("last refused"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["name", "id"]
        permissions = [("change_connection_secrets", "Can enter and change the secrets of connections")]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> frame.Provider:
        """The provider's code."""
        return frame.find(self.provider)

    def secret(self, name: str) -> str:
        """A secret in plain, "" where it is not set. Raises `SecretUnreadable`."""
        return str(self.opened().get(name, ""))

    def opened(self) -> dict[str, str]:
        """All secrets in plain. Raises `SecretUnreadable`."""
        return _opened(self.secrets)

    def signing_secrets(self, now: datetime) -> list[str]:
        """What deliveries may be proven with now, the present first. Raises `SecretUnreadable`."""
        former = _opened(self.previous_secrets) if self.previous_until and now < self.previous_until else {}
        found = [known.get(name, "") for known in (self.opened(), former) for name in self.kind.signing()]
        return [secret for secret in dict.fromkeys(found) if secret]


class ProviderDelivery(models.Model):
    """One thing that a provider told. `dedupe_key` is unique within its connection: however often it is sent.

    The row is the queue as well: what has a `due_at` is still to be done.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        IGNORED = "ignored", _("Not acted on")
        QUARANTINED = "quarantined", _("Not understood")
        FAILED = "failed", _("Given up")

    connection = models.ForeignKey(
        Connection, verbose_name=_("connection"), on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    dedupe_key = models.CharField(_("delivery id"), max_length=160)
    # a second mark of its own, where the provider's id is not covered by its signature
    once = models.CharField(max_length=200, null=True)
    kind = models.CharField(_("kind"), max_length=80, blank=True)
    data = models.JSONField(_("what was told"), default=dict, encoder=DjangoJSONEncoder)
    # what could not be read, as it came
    body = models.BinaryField(_("body"), null=True)
    digest = models.CharField(max_length=64)
    # the first of its post: what the limit counts
    is_first = models.BooleanField(default=False)
    proven = models.BooleanField(_("proven"), default=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    occurred_at = models.DateTimeField(_("happened"), null=True)
    status = models.CharField(_("state"), max_length=12, choices=Status.choices, default=Status.WAITING)
    error = models.CharField(_("why"), max_length=300, blank=True)
    problems = models.JSONField(_("problems"), default=list)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("tried next"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)
    contact_id = models.BigIntegerField(_("contact"), null=True)
    event_id = models.BigIntegerField(_("event"), null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        permissions = [("replay_providerdelivery", "Can have deliveries of providers done again")]
        constraints = [
            models.UniqueConstraint(fields=["connection", "dedupe_key"], name="provider_delivery_once"),
            models.UniqueConstraint(fields=["connection", "once"], name="provider_delivery_proof_once"),
        ]
        indexes = [
            # what is to be done, longest due first
            models.Index(fields=["due_at"], name="provider_delivery_due", condition=models.Q(due_at__isnull=False)),
            # how many posts came in within the last minute
            models.Index(
                fields=["connection", "-received_at"], name="provider_delivery_posts",
                condition=models.Q(is_first=True),
            ),
            # what a person has to look at
            models.Index(
                fields=["connection", "-id"], name="provider_delivery_trouble",
                condition=one_of("status", "quarantined", "failed"),
            ),
            # the purge
            models.Index(fields=["received_at"], name="provider_delivery_age"),
            # merging and forgetting a contact
            models.Index(fields=["contact_id"], name="provider_delivery_contact"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.dedupe_key if len(self.dedupe_key) <= 40 else f"{self.dedupe_key[:20]}…"


def _opened(text: Any) -> dict[str, str]:
    found: dict[str, str] = json.loads(text) if text else {}
    return found
