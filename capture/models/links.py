"""Trigger links: addresses of ours that lead somewhere else, and who followed them."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capture.addresses import check_destination
from capture.models.forms import FIELD_KEY
from triggers.keyed import free_key


class TriggerLink(models.Model):
    """A link that tells when it is followed: `{{ links.<key> }}` in messages, `/l/<key>/` for everybody."""

    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(
        _("key"), max_length=60, unique=True, blank=True,
        validators=[RegexValidator(FIELD_KEY,
                                   _("Use small letters, digits and single _, such as spring_offer."))],
        help_text=_("What messages call it: {{ links.spring_offer }}. Left empty, it is made from the name."),
    )  # fmt: skip
    destination = models.CharField(
        _("leads to"), max_length=1000, validators=[check_destination],
        help_text=_("A whole address, such as https://www.example.com/offer."),
    )  # fmt: skip
    active = models.BooleanField(_("active"), default=True, help_text=_("Switched off, it says so and leads nowhere."))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("trigger link")
        verbose_name_plural = _("trigger links")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.key:
            self.key = free_key(self, "_")
        super().save(*args, **kwargs)

    @property
    def address(self) -> str:
        """The whole address for everybody: nobody can tell from it who follows it."""
        return f"{settings.PUBLIC_URL}/l/{self.key}/"


class LinkClick(models.Model):
    """Somebody followed a link. `who` is a contact or the mark of a day; unique with `bucket`, ten seconds of time."""

    link = models.ForeignKey(TriggerLink, on_delete=models.CASCADE, related_name="clicks", db_index=False)
    contact_id = models.BigIntegerField(_("contact"), null=True)
    who = models.CharField(max_length=40)
    bucket = models.BigIntegerField()
    at = models.DateTimeField(_("followed"), default=timezone.now)

    class Meta:
        verbose_name = _("click on a trigger link")
        verbose_name_plural = _("clicks on trigger links")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["link", "who", "bucket"], name="link_click_once")]
        indexes = [
            # the purge, and the clicks of a link within a time
            models.Index(fields=["link", "-at"], name="link_click_recent"),
            # merging and forgetting a contact
            models.Index(fields=["contact_id"], name="link_click_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.link} {self.at:%Y-%m-%d %H:%M}"
