"""Websites that report what is looked at there: views of pages, and how far videos were watched."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capture.addresses import check_origins
from capture.models.forms import FORM_KEY
from triggers.keyed import free_key


class Site(models.Model):
    """A website with our script. Only from its own addresses a report is taken."""

    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(
        _("key"), max_length=60, unique=True, blank=True,
        validators=[RegexValidator(FORM_KEY, _("Use small letters, digits and single hyphens, such as our-shop."))],
        help_text=_("What the script calls it. Left empty, it is made from the name."),
    )  # fmt: skip
    allowed_origins = models.JSONField(
        _("addresses of the website"), default=list, validators=[check_origins],
        help_text=_("One a line, such as https://www.example.com. Reports from elsewhere are refused."),
    )  # fmt: skip
    active = models.BooleanField(_("active"), default=True, help_text=_("Switched off, nothing is written down."))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("website")
        verbose_name_plural = _("websites")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.key:
            self.key = free_key(self, "-")
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if not self.allowed_origins:
            raise ValidationError({"allowed_origins": _("Enter at least one, such as https://www.example.com.")})


class PageView(models.Model):
    """One look at a page, kept 90 days. `uid` is unique within its site: reported again, it counts once."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="views", db_index=False)
    uid = models.UUIDField()
    contact_id = models.BigIntegerField(_("contact"), null=True)
    url = models.CharField(_("page"), max_length=500)
    path = models.CharField(_("path"), max_length=300)
    title = models.CharField(_("title"), max_length=200, blank=True)
    referrer = models.CharField(_("came from"), max_length=500, blank=True)
    utm = models.JSONField(_("campaign"), default=dict)
    at = models.DateTimeField(_("looked at"), default=timezone.now)

    class Meta:
        verbose_name = _("page view")
        verbose_name_plural = _("page views")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["site", "uid"], name="page_view_once")]
        indexes = [
            # the purge
            models.Index(fields=["at"], name="page_view_age"),
            # merging and forgetting a contact
            models.Index(fields=["contact_id"], name="page_view_contact"),
        ]

    def __str__(self) -> str:
        return self.path


class VideoWatch(models.Model):
    """A share of a video that was watched within one view of a page; each share once. Kept 90 days."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="watches", db_index=False)
    view = models.UUIDField()
    video = models.CharField(_("video"), max_length=200)
    percent = models.PositiveSmallIntegerField(_("watched, in percent"))
    seconds = models.PositiveIntegerField(_("watched, in seconds"), default=0)
    contact_id = models.BigIntegerField(_("contact"), null=True)
    url = models.CharField(_("page"), max_length=500)
    at = models.DateTimeField(_("watched"), default=timezone.now)

    class Meta:
        verbose_name = _("video watched")
        verbose_name_plural = _("videos watched")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "view", "video", "percent"], name="video_watch_once"),
        ]  # fmt: skip
        indexes = [
            # the purge
            models.Index(fields=["at"], name="video_watch_age"),
            # merging and forgetting a contact
            models.Index(fields=["contact_id"], name="video_watch_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.video} {self.percent} %"
