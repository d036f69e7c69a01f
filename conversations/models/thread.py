"""A contact's conversation, over all channels: whether somebody has to answer, and who."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from conversations.models.message import Message


class Conversation(models.Model):
    """One thread for each contact. What is said lies in the messages; here stands how the thread does."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Done")

    contact = models.OneToOneField(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="conversation"
    )
    status = models.CharField(_("state"), max_length=6, choices=Status.choices, default=Status.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("assigned to"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="conversations",
    )  # fmt: skip
    unread = models.PositiveIntegerField(_("unread"), default=0)
    last_message = models.ForeignKey(
        Message, verbose_name=_("last message"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_at = models.DateTimeField(_("last"), default=timezone.now)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("inbox")
        ordering = ["-last_at", "-id"]
        indexes = [
            # the inbox: what is open, the latest first; and somebody's own
            models.Index(fields=["status", "-last_at", "-id"], name="conversation_inbox"),
            models.Index(fields=["assignee", "status", "-last_at"], name="conversation_assigned"),
        ]

    def __str__(self) -> str:
        return str(self.contact)

    def get_absolute_url(self) -> str:
        return reverse("admin:conversations_conversation_change", args=[self.pk])
