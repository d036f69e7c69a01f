"""What was said to a contact and by a contact, whatever carried it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from conversations.models.disposition import Disposition


class Message(models.Model):
    """One message of a conversation. Workflow and run are plain numbers, so it outlives both."""

    class Direction(models.TextChoices):
        OUT = "out", _("To the contact")
        IN = "in", _("From the contact")

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("SMS")
        WHATSAPP = "whatsapp", _("WhatsApp")
        MESSENGER = "messenger", _("Messenger")
        INSTAGRAM = "instagram", _("Instagram")
        CHAT = "chat", _("Chat")
        GMB = "gmb", _("Google Business")
        CALL = "call", _("Call")
        COMMENT = "comment", _("Comment")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        FAILED = "failed", _("Failed")
        UNDELIVERED = "undelivered", _("Not delivered")
        BOUNCED = "bounced", _("Bounced")
        SUPPRESSED = "suppressed", _("Not sent")
        UNCERTAIN = "uncertain", _("Uncertain")
        RECEIVED = "received", _("Received")

    class Category(models.TextChoices):
        MARKETING = "marketing", _("Marketing")
        TRANSACTIONAL = "transactional", _("Transactional")

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    # the key of the action run that sends it
    key = models.UUIDField(null=True, unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    media = models.JSONField(_("attached"), default=list, blank=True, help_text=_("Addresses of pictures and files."))
    # where the links of a mail lead that go by way of us, by their place; see `conversations.following`
    links = models.JSONField(default=list, blank=True, editable=False)
    # files made for this message: name, type, params and text of each; see `conversations.attaching`
    enclosed = models.JSONField(_("files"), default=list, blank=True, editable=False)
    from_address = models.CharField(_("from"), max_length=320, blank=True)
    to_address = models.CharField(_("to"), max_length=320, blank=True)
    reply_to = models.CharField(_("reply to"), max_length=320, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=255, blank=True)
    in_reply_to = models.CharField(_("in reply to"), max_length=255, blank=True)
    # what carried it, and the number it has there: see `conversations.gateways`
    gateway = models.CharField(_("gateway"), max_length=120, blank=True)
    provider_id = models.CharField(_("number at the gateway"), max_length=200, blank=True)
    status = models.CharField(_("state"), max_length=12, choices=Status.choices, default=Status.QUEUED)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    error_code = models.CharField(_("error code"), max_length=40, blank=True)
    # since when the state holds, by the clock of whoever reported it
    status_at = models.DateTimeField(_("state since"), null=True, blank=True, editable=False)
    # of a call: the furthest status it is known to have come to, how long it lasted, and what staff say came of it
    call_status = models.CharField(_("status of the call"), max_length=12, blank=True, editable=False)
    call_seconds = models.PositiveIntegerField(_("seconds of the call"), null=True, blank=True, editable=False)
    disposition = models.ForeignKey(
        Disposition, verbose_name=_("outcome of the call"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="calls",
    )  # fmt: skip
    category = models.CharField(_("category"), max_length=13, choices=Category.choices, blank=True)
    # a member of staff who wrote it by hand
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+", db_index=False,
    )  # fmt: skip
    workflow_id = models.BigIntegerField(_("workflow"), null=True, blank=True)
    run_id = models.BigIntegerField(_("run"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    # when the gate let it go: set before the server is called, taken back when it certainly did not leave
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    # when one that was written by hand is to be handed over; see `conversations.replying`
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            # an answer that arrives twice is one message; a Message-ID belongs to one mail
            models.UniqueConstraint(fields=["message_id"], condition=~models.Q(message_id=""), name="message_id_once"),
            # a gateway's report finds its message, and an answer that it hands over twice is one
            models.UniqueConstraint(
                fields=["gateway", "provider_id"], condition=~models.Q(provider_id=""), name="message_at_gateway_once"
            ),
        ]
        indexes = [
            # the contact's conversation
            models.Index(fields=["contact", "-id"], name="message_contact"),
            # gate: how many messages a contact got within a day
            models.Index(
                fields=["contact", "-sent_at"],
                condition=models.Q(sent_at__isnull=False),
                name="message_sent",
            ),
            # replying: what is to be handed over
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="message_due"),
            # what a workflow sent
            models.Index(
                fields=["workflow_id", "-id"],
                condition=models.Q(workflow_id__isnull=False),
                name="message_workflow",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.text[:80] or str(self.get_channel_display())

    def get_absolute_url(self) -> str:
        return reverse("admin:conversations_message_change", args=[self.pk])


class ChannelIdentity(models.Model):
    """A contact's account on a channel that has accounts of its own: learned when it writes."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="channel_identities"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Message.Channel.choices)
    address = models.CharField(_("account"), max_length=320)
    seen_at = models.DateTimeField(_("last wrote"), default=timezone.now)

    class Meta:
        verbose_name = _("account on a channel")
        verbose_name_plural = _("accounts on channels")
        constraints = [
            # who writes: the contact of this account
            models.UniqueConstraint(fields=["channel", "address"], name="channel_identity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.address}"


class NumberVerdict(models.Model):
    """What was found last about a contact's phone number; see `conversations.numbers`."""

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="number_verdicts"
    )
    number = models.CharField(_("number"), max_length=60)
    verdict = models.CharField(_("verdict"), max_length=8)
    source = models.CharField(_("found by"), max_length=40)
    code = models.CharField(_("code"), max_length=40, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("verdict on a number")
        verbose_name_plural = _("verdicts on numbers")
        constraints = [
            # the same verdict on the same number is told once
            models.UniqueConstraint(fields=["contact", "number"], name="number_verdict_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.verdict}"
