"""What would have been sent, kept for staff to read where no mail server and no gateway is set up.

`MailboxMail` is the mail itself, byte for byte: it also holds what goes to staff and to nobody in particular.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.message import Message


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


class ConsoleMessage(models.Model):
    """A text that the console took instead of a gateway: one row for each key."""

    key = models.UUIDField(unique=True, editable=False)
    # erasing the contact erases both
    conversation = models.ForeignKey(
        Message, verbose_name=_("message"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="console_messages",
    )  # fmt: skip
    channel = models.CharField(_("channel"), max_length=10, choices=Message.Channel.choices)
    from_address = models.CharField(_("from"), max_length=320, blank=True)
    to_address = models.CharField(_("to"), max_length=320)
    text = models.TextField(_("text"), blank=True)
    media = models.JSONField(_("attached"), default=list, blank=True)
    times = models.PositiveIntegerField(_("handed over"), default=1)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("text message")
        verbose_name_plural = _("text messages on trial")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text[:80]
