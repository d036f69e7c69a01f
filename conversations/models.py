"""Messages to and from contacts, the mailbox that keeps what would have been sent, and who must not be written to.

`Message` is what was said to a contact, whatever carried it. `MailboxMail` is the mail itself, byte for
byte, and exists only where the mailbox is the mail server: it also holds what goes to staff and to nobody
in particular, and it outlives no contact either.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from conversations.addresses import BadAddress, normalised, read


class Message(models.Model):
    """One message of a conversation. Workflow and run are plain numbers, so it outlives both."""

    class Direction(models.TextChoices):
        OUT = "out", _("To the contact")
        IN = "in", _("From the contact")

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
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
    from_address = models.CharField(_("from"), max_length=320, blank=True)
    to_address = models.CharField(_("to"), max_length=320, blank=True)
    reply_to = models.CharField(_("reply to"), max_length=320, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=255, blank=True)
    in_reply_to = models.CharField(_("in reply to"), max_length=255, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    category = models.CharField(_("category"), max_length=13, choices=Category.choices, blank=True)
    workflow_id = models.BigIntegerField(_("workflow"), null=True, blank=True)
    run_id = models.BigIntegerField(_("run"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    # when the gate let it go: set before the server is called, taken back when it certainly did not leave
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            # an answer that arrives twice is one message; a Message-ID belongs to one mail
            models.UniqueConstraint(fields=["message_id"], condition=~models.Q(message_id=""), name="message_id_once"),
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
            # what a workflow sent
            models.Index(
                fields=["workflow_id", "-id"],
                condition=models.Q(workflow_id__isnull=False),
                name="message_workflow",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.text[:80]

    def get_absolute_url(self) -> str:
        return reverse("admin:conversations_message_change", args=[self.pk])


class MailboxMail(models.Model):
    """A mail that the mailbox took instead of a mail server: one row for each Message-ID."""

    message_id = models.CharField(_("Message-ID"), max_length=255, unique=True)
    # the conversation's own record of it; erasing the contact erases both
    conversation = models.ForeignKey(
        Message, verbose_name=_("message"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="mails",
    )  # fmt: skip
    from_address = models.CharField(_("from"), max_length=320, blank=True)
    to_addresses = models.TextField(_("to"), blank=True, help_text=_("All receivers, hidden ones too."))
    subject = models.CharField(_("subject"), max_length=998, blank=True)
    headers = models.JSONField(_("headers"), default=list, help_text=_("Name and value, in order."))
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("HTML"), blank=True)
    raw = models.BinaryField(_("source"), help_text=_("The bytes that would have been sent; long ones cut."))
    size = models.PositiveIntegerField(_("size in bytes"))
    times = models.PositiveIntegerField(_("handed over"), default=1)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mailbox")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject


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
