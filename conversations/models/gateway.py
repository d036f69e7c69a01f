"""What carries messages other than e-mail: gateways that staff set up, and which one each channel goes by."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.message import Message
from triggers.models import Credential
from triggers.models.endpoint import validate_url
from triggers.outside import url_template


def usual_body() -> dict[str, str]:
    return {"to": "{{ to }}", "from": "{{ from }}", "text": "{{ text }}", "reference": "{{ key }}"}


class HttpGateway(models.Model):
    """Any provider that takes a message by one POST. `body` is what is posted, with marks for what it is about."""

    class Format(models.TextChoices):
        JSON = "json", _("JSON")
        FORM = "form", _("Form fields")

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    url = models.CharField(_("URL"), max_length=500, validators=[validate_url])
    credential = models.ForeignKey(
        Credential, verbose_name=_("credential"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    format = models.CharField(_("sent as"), max_length=4, choices=Format.choices, default=Format.JSON)
    body = models.JSONField(
        _("what is posted"), default=usual_body,
        help_text=_("Marks: {{ to }}, {{ from }}, {{ text }}, {{ media }}, {{ channel }}, {{ key }}."),
    )  # fmt: skip
    id_path = models.CharField(
        _("where the answer has the message's number"), max_length=120, blank=True,
        help_text=_("Such as id, or messages.0.id. Reports of delivery name the message by it."),
    )  # fmt: skip
    honours_key = models.BooleanField(
        _("honours Idempotency-Key"), default=False,
        help_text=_("Only then is a message sent again whose first try may have left."),
    )  # fmt: skip
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("HTTP gateway")
        verbose_name_plural = _("HTTP gateways")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The body has to be fillable; the credential has to be for the host."""
        from conversations.http_gateway import body_fault

        errors: dict[str, Any] = {}
        fault = body_fault(self.body, self.format)
        if fault:
            errors["body"] = fault
        host = url_template.host(self.url)
        if self.credential is not None and host and not self.credential.is_for(host):
            words = {"name": self.credential.name, "host": host}
            errors["credential"] = _("“%(name)s” is not for %(host)s. Add the host to it, or choose another.") % words
        if errors:
            raise ValidationError(errors)


class ChannelSetting(models.Model):
    """By which gateway a channel goes, and from which number or account. Channels without a row go to the console."""

    class Unknown(models.TextChoices):
        MAKE = "make", _("Make a contact of it")
        ASIDE = "aside", _("Put it aside for a person")

    channel = models.CharField(_("channel"), max_length=10, choices=Message.Channel.choices, unique=True)
    gateway = models.CharField(
        _("gateway"), max_length=120, blank=True, help_text=_("Empty means on trial: kept here and not sent.")
    )
    sender = models.CharField(
        _("sender"), max_length=320, blank=True, help_text=_("The number or account it goes from, such as +4930123456.")
    )
    unknown_senders = models.CharField(
        _("when somebody unknown writes"), max_length=5, choices=Unknown.choices, default=Unknown.MAKE
    )

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["channel"]

    def __str__(self) -> str:
        return self.get_channel_display()

    def clean(self) -> None:
        from conversations import gateways

        if self.gateway:
            try:
                carrier = gateways.find(self.gateway)
            except gateways.NoGateway as error:
                raise ValidationError({"gateway": str(error)}) from None
            if self.channel not in carrier.channels:
                words = {"gateway": self.gateway, "channel": self.get_channel_display()}
                raise ValidationError({"gateway": _("%(gateway)s does not carry %(channel)s.") % words})


class StatusReport(models.Model):
    """What a gateway reported of a message whose number nobody knows yet; see `conversations.statuses`."""

    gateway = models.CharField(max_length=120)
    provider_id = models.CharField(max_length=200)
    status = models.CharField(max_length=12, choices=Message.Status.choices)
    at = models.DateTimeField()
    code = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=500, blank=True)
    lasting = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            # taking up: by message; and a report that comes again is one
            models.UniqueConstraint(fields=["gateway", "provider_id", "status"], name="status_report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.provider_id}: {self.status}"
