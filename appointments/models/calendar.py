"""Calendars that can be booked: their members, when they are open, and how an appointment lies in the day."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from triggers.keyed import free_key
from triggers.models.organisation import Organisation, validate_zone

# Every length and opening time is so many minutes or a multiple: the time that an appointment takes is counted in them.
GRAIN_MINUTES: Final = 5
KEY: Final = r"^[a-z0-9]+(-[a-z0-9]+)*\Z"
DAYS: Final = tuple((number + 1, name) for number, name in WEEKDAYS.items())


def check_grain(minutes: int) -> None:
    """Raises ValidationError unless it is a multiple of five minutes."""
    if minutes % GRAIN_MINUTES:
        raise ValidationError(_("Enter a multiple of 5 minutes."))


def check_clock(clock: Any) -> None:
    """Raises ValidationError unless the time of day is a whole multiple of five minutes."""
    if clock.second or clock.microsecond or clock.minute % GRAIN_MINUTES:
        raise ValidationError(_("Enter a time such as 09:00 or 09:05: a multiple of 5 minutes."))


def _minutes(label: Any, default: int, most: int, *, least: int = 0, help_text: Any = "") -> Any:
    return models.PositiveSmallIntegerField(
        label, default=default, help_text=help_text,
        validators=[MinValueValidator(least), MaxValueValidator(most), check_grain],
    )  # fmt: skip


class Keyed(models.Model):
    """A row with a public address: its key, made from the name where none is given."""

    key = models.CharField(
        _("address"), max_length=60, unique=True, blank=True,
        validators=[RegexValidator(KEY, _("Use small letters, digits and single hyphens, such as first-talk."))],
        help_text=_("The end of its public address. Left empty, it is made from the name."),
    )  # fmt: skip

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.key:
            self.key = free_key(self, "-")
        super().save(*args, **kwargs)


class CalendarGroup(Keyed):
    """Calendars that are offered together, on one page."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("text above"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("calendar group")
        verbose_name_plural = _("calendar groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The whole address of its page."""
        return f"{settings.PUBLIC_URL}/book/group/{self.key}/"


class Calendar(Keyed):
    """What can be booked. Its page is `/book/<key>/`.

    `source` names the booking system outside whose bookings it shows; such a calendar is not booked here.
    """

    class Kind(models.TextChoices):
        ROUND_ROBIN = "round_robin", _("One of the members, in turn")
        COLLECTIVE = "collective", _("All members together")

    name = models.CharField(_("name"), max_length=120)
    group = models.ForeignKey(
        CalendarGroup, verbose_name=_("group"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="calendars",
    )  # fmt: skip
    kind = models.CharField(_("who attends"), max_length=12, choices=Kind.choices, default=Kind.ROUND_ROBIN)
    active = models.BooleanField(_("active"), default=True, help_text=_("Switched off, its page says so."))
    description = models.TextField(_("text above"), max_length=2000, blank=True)
    location = models.CharField(
        _("where"),
        max_length=300,
        blank=True,
        help_text=_("An address, a phone number or the address of a video call."),
    )
    minutes = _minutes(_("length"), 30, 1440, least=GRAIN_MINUTES, help_text=_("Of an appointment, in minutes."))
    step = _minutes(_("begins every"), 30, 1440, least=GRAIN_MINUTES, help_text=_("In minutes, from opening on."))
    buffer_before = _minutes(_("kept free before"), 0, 480, help_text=_("In minutes."))
    buffer_after = _minutes(_("kept free after"), 0, 480, help_text=_("In minutes."))
    notice_hours = models.PositiveSmallIntegerField(
        _("at the latest"), default=4, validators=[MaxValueValidator(720)],
        help_text=_("So many hours ahead it can still be booked, moved or cancelled by visitors."),
    )  # fmt: skip
    horizon_days = models.PositiveSmallIntegerField(
        _("at the earliest"), default=60, validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("So many days ahead it can be booked."),
    )  # fmt: skip
    time_zone = models.CharField(
        _("time zone"), max_length=60, blank=True, validators=[validate_zone],
        help_text=_("Of the opening hours. Left empty: the organisation's."),
    )  # fmt: skip
    auto_confirm = models.BooleanField(
        _("confirmed at once"), default=True, help_text=_("Otherwise a booking is new until somebody confirms it.")
    )
    source = models.CharField(max_length=255, null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone) if self.time_zone else Organisation.get().zone

    @property
    def address(self) -> str:
        """The whole address of its page."""
        return f"{settings.PUBLIC_URL}/book/{self.key}/"


class Member(models.Model):
    """Somebody who keeps appointments of a calendar."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="members", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        on_delete=models.CASCADE,
        related_name="calendar_memberships",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Lower numbers are asked first."))

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "user"], name="calendar_member_once",
                violation_error_message=_("This member is in the calendar already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.user.get_full_name() or self.user.get_username()


class Span(models.Model):
    """From when to when, by the calendar's clocks. An end at 00:00 is the end of the day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("member"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="+", help_text=_("Empty: all members."),
    )  # fmt: skip

    class Meta:
        abstract = True

    def check_span(self, starts: Any, ends: Any) -> None:
        if starts is not None and ends is not None and ends.isoformat() != "00:00:00" and starts >= ends:
            raise ValidationError({"ends": _("It ends before it begins.")})


class OpenHours(Span):
    """A span of a weekday in which a calendar is open, every week."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=DAYS)
    starts = models.TimeField(_("from"), validators=[check_clock])
    ends = models.TimeField(_("to"), validators=[check_clock])

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "starts", "id"]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"

    def clean(self) -> None:
        self.check_span(self.starts, self.ends)


class DayHours(Span):
    """What holds on one day in place of the weekly hours: other hours, or closed where no times are given."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    starts = models.TimeField(
        _("from"), null=True, blank=True, validators=[check_clock], help_text=_("Empty: closed all day.")
    )
    ends = models.TimeField(_("to"), null=True, blank=True, validators=[check_clock])

    class Meta:
        verbose_name = _("hours of a day")
        verbose_name_plural = _("hours of single days")
        ordering = ["day", "starts", "id"]

    def __str__(self) -> str:
        return str(self.day)

    def clean(self) -> None:
        if (self.starts is None) != (self.ends is None):
            raise ValidationError({"ends": _("Enter both times, or none for a closed day.")})
        self.check_span(self.starts, self.ends)
