"""Maps as staff define them: a map has tracks in order, a track has steps."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.checks import check
from triggers.keyed import Keyed, once


class Map(Keyed):
    """A whole way of working a lead, from start to end. Deactivated, it takes no new leads."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    colour = models.CharField(
        _("colour"), max_length=7, unique=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", _("Enter a colour such as #1f6feb, in small letters."))],
    )  # fmt: skip
    description = models.TextField(_("description"), blank=True)
    active = models.BooleanField(_("active"), default=True, help_text=_("Switched off, it takes no new leads."))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("map")
        verbose_name_plural = _("maps")
        ordering = ["name"]
        constraints = [once("map_key_once")]

    def __str__(self) -> str:
        return self.name


def validate_video(address: str) -> None:
    """Over https, or a file of this installation: a browser plays nothing else on the lead's page."""
    if re.match(r"/[^/\\\s]\S*\Z", address):
        return
    try:
        URLValidator(schemes=["https"])(address)
    except ValidationError:
        message = _(
            "Enter an address that begins with https://, or the path of a file here, such as /static/intro.mp4."
        )
        raise ValidationError(message) from None


class Video(models.Model):
    """A video of the library, which steps of video tracks show. Its address is changed in one place for all of them."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    url = models.CharField(
        _("address"), max_length=500, unique=True, validators=[validate_video],
        help_text=_("Of the video file itself, such as https://videos.example.org/intro.mp4."),
    )  # fmt: skip
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("video library")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Element(Keyed):
    """What tracks and steps share. One that was deleted is hidden: journeys that went through it keep it."""

    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Lower numbers come first."))
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def hide(self) -> None:
        """Takes it out of the definition for everybody who has not got there yet."""
        self.deleted_at = timezone.now()
        self.save(update_fields=["deleted_at"])


class Track(Element):
    """An ordered stretch of a map. Tracks that are no video tracks hold up the flow."""

    class Kind(models.TextChoices):
        STANDARD = "standard", _("Standard")
        FLEX = "flex", _("Flex")
        VIDEO = "video", _("Video")

    key_within = "map_id"

    map = models.ForeignKey(Map, verbose_name=_("map"), on_delete=models.PROTECT, related_name="tracks")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.STANDARD)

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["position", "id"]
        constraints = [
            once("track_key_once", "map"),
            models.UniqueConstraint(
                fields=["map", "name"], condition=models.Q(deleted_at=None), name="track_name_once",
                violation_error_message=_("The map has a track of this name already."),
            ),
        ]  # fmt: skip


class Step(Element):
    """One thing to be done within a track, by the lead or the agent. A mirror step is paired with a contact field."""

    class Control(models.TextChoices):
        DROPDOWN = "dropdown", _("Dropdown")
        RADIO = "radio", _("Radio buttons")
        CHECKBOX = "checkbox", _("Checkbox")
        DATE = "date", _("Date")
        DATETIME = "datetime", _("Date and time")
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        FORM = "form", _("Form")
        MIRROR = "mirror", _("Field of the contact")
        VIDEO = "video", _("Video")
        SCHEDULE = "schedule", _("Appointment")
        CALL = "call", _("Call")

    class By(models.TextChoices):
        LEAD = "lead", _("The lead")
        AGENT = "agent", _("The agent")
        BOTH = "both", _("Either")

    key_within = "track_id"

    track = models.ForeignKey(Track, verbose_name=_("track"), on_delete=models.PROTECT, related_name="steps")
    control = models.CharField(_("control"), max_length=8, choices=Control.choices, default=Control.CHECKBOX)
    choices = models.JSONField(
        _("choices"), default=list, blank=True, help_text=_('Of a dropdown or radio buttons: ["Morning", "Evening"].')
    )
    mirrors = models.CharField(
        _("field"), max_length=80, blank=True,
        help_text=_("Of a mirror step: the contact's field, such as city or custom_fields.size."),
    )  # fmt: skip
    video_url = models.CharField(_("video"), max_length=500, blank=True, validators=[validate_video])
    required = models.BooleanField(_("required"), default=True)
    done_by = models.CharField(_("done by"), max_length=5, choices=By.choices, default=By.BOTH)
    completion_message = models.TextField(_("message when it is done"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position", "id"]
        constraints = [
            once("step_key_once", "track"),
            models.UniqueConstraint(
                fields=["track", "name"], condition=models.Q(deleted_at=None), name="step_name_once",
                violation_error_message=_("The track has a step of this name already."),
            ),
        ]  # fmt: skip

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.control != self.Control.MIRROR:
            self.mirrors = ""
        super().save(*args, **kwargs)

    def clean(self) -> None:
        check(self)
