"""What receivers did with mails: opened them, clicked."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.message import Message


class MessageEvent(models.Model):
    """One opening of a mail, or one click in it. `machine`: a program did it, as far as that shows."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        CLICKED = "clicked", _("Clicked")

    message = models.ForeignKey(
        Message, verbose_name=_("message"), on_delete=models.CASCADE, related_name="events", db_index=False
    )
    kind = models.CharField(_("what"), max_length=8, choices=Kind.choices)
    at = models.DateTimeField(_("when"), default=timezone.now)
    url = models.CharField(_("link"), max_length=2000, blank=True)
    user_agent = models.CharField(_("program"), max_length=300, blank=True)
    machine = models.BooleanField(_("by a program"), default=False)
    # the provider's own id of it, or the moment it fell into: the same comes in once
    key = models.CharField(max_length=120, unique=True)

    class Meta:
        verbose_name = _("opening or click")
        verbose_name_plural = _("openings and clicks")
        ordering = ["-id"]
        default_permissions = ("view",)
        indexes = [
            # whether it is the first of its kind; and the message's own page
            models.Index(fields=["message", "kind"], name="message_event_of"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.url}".strip()
