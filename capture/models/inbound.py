"""Inbound webhooks: the addresses staff hand out, and every request that came in through one."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capture import mapping
from triggers.outside import signatures
from triggers.problems import pointer
from triggers.secrets import EncryptedTextField, SecretUnreadable

# The contact fields a delivery may find its contact by.
MATCH_FIELDS = (("external_id", _("External id")), ("email", _("E-mail")), ("phone", _("Phone")))


def default_match() -> list[str]:
    return ["email", "phone"]


def check_mapping(value: object) -> None:
    """Raises ValidationError naming each wrong entry of a mapping."""
    problems = mapping.check(value)
    if problems:
        raise ValidationError([_said(pointer(p.path), p.message) for p in problems])


def check_match(value: object) -> None:
    known = [name for name, _label in MATCH_FIELDS]
    if not isinstance(value, list) or not value or any(name not in known for name in value):
        raise ValidationError(_("Choose at least one of: %(names)s."), params={"names": ", ".join(known)})


class InboundWebhook(models.Model):
    """An address of its own for one outside system: who may call it, and how what it sends becomes a contact.

    Of its token only the SHA-256 and the last four characters are kept. While a token or a secret is being
    changed, the previous one is accepted until its `…_until`.
    """

    class Signature(models.TextChoices):
        NONE = "none", _("None: whoever knows the address may send")
        HMAC = "hmac", _("HMAC-SHA256 of the body in a header")
        STANDARD = "standard", _("Standard Webhooks")

    class Encoding(models.TextChoices):
        HEX = "hex", _("Hexadecimal")
        BASE64 = "base64", _("Base64")

    name = models.CharField(_("name"), max_length=120)
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Switched off, it answers 410 Gone and stores nothing.")
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    token_last4 = models.CharField(_("token ends with"), max_length=4, editable=False)
    previous_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    previous_until = models.DateTimeField(_("previous token works until"), null=True, editable=False)
    allow_get = models.BooleanField(
        _("accept GET"),
        default=False,
        help_text=_("For systems that can only open a link. The same link counts once in 24 hours."),
    )
    signature = models.CharField(_("signature"), max_length=8, choices=Signature.choices, default=Signature.NONE)
    secret = EncryptedTextField(_("secret"), blank=True, default="")
    previous_secret = EncryptedTextField(blank=True, default="", editable=False)
    previous_secret_until = models.DateTimeField(_("previous secret works until"), null=True, editable=False)
    hmac_header = models.CharField(
        _("header"), max_length=60, default="X-Signature",
        validators=[RegexValidator(r"^[A-Za-z0-9-]+$", _("Enter a header's name, such as X-Signature."))],
    )  # fmt: skip
    hmac_prefix = models.CharField(_("prefix"), max_length=20, blank=True, default="sha256=")
    hmac_encoding = models.CharField(_("encoding"), max_length=6, choices=Encoding.choices, default=Encoding.HEX)
    mapping = models.JSONField(
        _("mapping"), default=dict, blank=True, validators=[check_mapping],
        help_text=_(
            "Which contact field is read from where, such as"
            ' {"email": "contact.email", "tags": "form.interests"}. Left empty, no contact is looked for.'
        ),
    )  # fmt: skip
    match_by = models.JSONField(
        _("find contact by"), default=default_match, validators=[check_match],
        help_text=_("The first field that finds a contact wins; without a find, a contact is made."),
    )  # fmt: skip
    per_minute = models.PositiveIntegerField(
        _("requests a minute"), default=300, validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    capturing = models.BooleanField(_("captures the next request"), default=False, editable=False)
    sample = models.JSONField(_("sample"), null=True, editable=False, encoder=DjangoJSONEncoder)
    sampled_at = models.DateTimeField(_("sample taken"), null=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("inbound webhook")
        verbose_name_plural = _("inbound webhooks")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A signature that is asked for needs a secret it can be checked with, and a body that it covers."""
        self.mapping = self.mapping or {}
        if self.signature == self.Signature.NONE:
            return
        if self.allow_get:
            raise ValidationError({"allow_get": _("A link carries no signature. Accept no GET, or ask for none.")})
        try:
            if not self.secret:
                raise ValidationError({"secret": _("Enter the secret the sender signs with.")})
            if self.signature == self.Signature.STANDARD:
                signatures.check_secret(self.secret)
        except (ValueError, SecretUnreadable) as error:
            raise ValidationError({"secret": str(error)}) from None


class InboundRequest(models.Model):
    """One request as it came in, kept 30 days. `external_id` is unique within its webhook: the once of R17."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        DONE = "done", _("Done")
        IGNORED = "ignored", _("Not run")
        FAILED = "failed", _("Contact not stored")

    webhook = models.ForeignKey(
        InboundWebhook, verbose_name=_("inbound webhook"), on_delete=models.CASCADE,
        related_name="requests", db_index=False,
    )  # fmt: skip
    external_id = models.CharField(_("delivery id"), max_length=160)
    method = models.CharField(_("method"), max_length=4)
    query = models.TextField(_("query"), blank=True)
    headers = models.JSONField(_("headers"), default=dict)
    content_type = models.CharField(_("content type"), max_length=120, blank=True)
    body = models.BinaryField(_("body"))
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    status = models.CharField(_("state"), max_length=8, choices=Status.choices, default=Status.RECEIVED)
    error = models.CharField(_("error"), max_length=300, blank=True)
    problems = models.JSONField(_("problems"), default=list)
    event_id = models.BigIntegerField(_("event"), null=True)
    contact_id = models.BigIntegerField(_("contact"), null=True)

    class Meta:
        verbose_name = _("inbound request")
        verbose_name_plural = _("inbound requests")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "external_id"], name="inbound_request_once"),
        ]
        indexes = [
            # the webhook's recent requests; how many came in within the last minute
            models.Index(fields=["webhook", "-received_at"], name="inbound_request_recent"),
            # a delivery without an id: the same content within 24 hours
            models.Index(fields=["webhook", "digest"], name="inbound_request_digest"),
            # the purge
            models.Index(fields=["received_at"], name="inbound_request_age"),
            # merging and forgetting a contact
            models.Index(fields=["contact_id"], name="inbound_request_contact"),
        ]

    def __str__(self) -> str:
        return self.external_id if len(self.external_id) <= 40 else f"{self.external_id[:20]}…"


def _said(where: str, message: str) -> str:
    return f"{where}: {message}" if where else message
