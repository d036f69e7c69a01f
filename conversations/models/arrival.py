"""What came in from outside, delivery by delivery, and the mailboxes that are asked for mail."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.message import Message
from triggers.secrets import EncryptedTextField


class Arrival(models.Model):
    """One delivery from outside, and what became of it. Those put aside wait here for a person."""

    class Kind(models.TextChoices):
        MESSAGE = "message", _("A message")
        ASIDE = "aside", _("Put aside")
        AUTO_REPLY = "auto_reply", _("An automatic answer")
        BOUNCE = "bounce", _("A mail that came back")
        UNREADABLE = "unreadable", _("Cannot be read")
        OTHER = "other", _("Left out")

    gateway = models.CharField(_("came by"), max_length=120, blank=True)
    # what the gateway calls it; None where it has no name, and cannot be told from another
    external_id = models.CharField(max_length=200, null=True, blank=True)
    # SHA-256 of a mail's bytes, by which one is known that a server numbers anew
    digest = models.CharField(max_length=64, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Message.Channel.choices)
    kind = models.CharField(_("what it was"), max_length=10, choices=Kind.choices, default=Kind.OTHER)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    message = models.ForeignKey(
        Message, verbose_name=_("message"), null=True, blank=True, on_delete=models.CASCADE, related_name="arrivals"
    )
    from_address = models.CharField(_("from"), max_length=320, blank=True)
    to_address = models.CharField(_("to"), max_length=320, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    text = models.TextField(_("text"), blank=True)
    mail_id = models.CharField(_("Message-ID"), max_length=255, blank=True)
    at = models.DateTimeField(_("came"), default=timezone.now)

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        ordering = ["-id"]
        constraints = [
            # a delivery that comes twice is one
            models.UniqueConstraint(fields=["gateway", "external_id"], name="arrival_once"),
            models.UniqueConstraint(
                fields=["gateway", "digest"], condition=~models.Q(digest=""), name="arrival_bytes_once"
            ),
        ]
        indexes = [
            # purge
            models.Index(fields=["at"], name="arrival_at"),
            # what waits for a person
            models.Index(fields=["-id"], condition=models.Q(kind="aside"), name="arrival_aside"),
        ]

    def __str__(self) -> str:
        return self.subject or self.text[:80] or self.from_address


class MailAccount(models.Model):
    """A mailbox whose mail is fetched by IMAP. `uid_validity` and `last_uid` say how far it has been read."""

    class Security(models.TextChoices):
        TLS = "tls", _("TLS")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("None: the password can be read on the way")

    name = models.CharField(_("name"), max_length=80)
    address = models.EmailField(_("address"), help_text=_("The address whose mail lies in it."))
    host = models.CharField(_("server"), max_length=200)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("security"), max_length=8, choices=Security.choices, default=Security.TLS)
    username = models.CharField(_("user name"), max_length=200)
    password = EncryptedTextField(_("password"))
    folder = models.CharField(_("folder"), max_length=120, default="INBOX")
    every_minutes = models.PositiveSmallIntegerField(_("asked every … minutes"), default=2)
    plus_addressing = models.BooleanField(
        _("takes name+anything@"), default=False,
        help_text=_("Then answers find their thread even where a mail program leaves out what it answers."),
    )  # fmt: skip
    active = models.BooleanField(_("active"), default=True)
    # mail that lay in the folder before this moment is not fetched
    since = models.DateTimeField(_("fetched from"), default=timezone.now, editable=False)
    uid_validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    # when it is to be asked again; whoever asks moves it ahead as a lease
    due_at = models.DateTimeField(default=timezone.now, editable=False)
    polled_at = models.DateTimeField(_("last asked"), null=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("mail account")
        verbose_name_plural = _("mail accounts")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        from conversations.inbound.imap import check_host

        errors: dict[str, Any] = {}
        secret: Any = self._meta.get_field("password")
        if not secret.value_from_object(self):
            errors["password"] = _("Enter the password.")
        if not self.every_minutes:
            errors["every_minutes"] = _("Ask at most once a minute.")
        try:
            check_host(self.host, self.port)
        except ValueError as error:
            errors["host"] = str(error)
        if errors:
            raise ValidationError(errors)
        # What was wrong may have been put right.
        self.due_at, self.failures = timezone.now(), 0
