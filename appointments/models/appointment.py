"""Appointments, their guests, and the time of members that each takes.

That no member is booked twice is one unique constraint: an appointment has a row for each member and five minutes
that it takes, buffers included.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models.calendar import Calendar
from contacts.models import Contact
from triggers.models.organisation import Organisation, validate_zone
from triggers.models.run import Run
from triggers.tracking import SilentDoor, Tracked, TrackedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# What takes time of members: it is written together with that time, by the services alone.
KEPT: Final = frozenset({"status", "start_at", "end_at"})


class AppointmentQuerySet(TrackedQuerySet["Appointment"]):
    """Bulk writes that leave time and status alone: what they take of members would not follow."""

    def update(self, **kwargs: Any) -> int:
        _refuse(kwargs)
        return super().update(**kwargs)

    def bulk_update(self, objs: Iterable["Appointment"], fields: Iterable[str], batch_size: int | None = None) -> int:
        named = list(fields)
        _refuse(named)
        return super().bulk_update(objs, named, batch_size)


def _refuse(names: Iterable[str]) -> None:
    if not KEPT.isdisjoint(names):
        raise SilentDoor("Status and time of appointments are changed by appointments.services: set_status, move.")


class AppointmentManager(models.Manager.from_queryset(AppointmentQuerySet)):  # type: ignore[misc]
    """`objects` of appointments."""


class Appointment(Tracked):
    """Somebody comes, or is called, at a time. `user` is who attends, or the first of several `hosts`."""

    class Status(models.TextChoices):
        NEW = "new", _("New")
        CONFIRMED = "confirmed", _("Confirmed")
        RESCHEDULED = "rescheduled", _("Rescheduled")
        SHOWED = "showed", _("Showed up")
        NO_SHOW = "no_show", _("Did not come")
        CANCELLED = "cancelled", _("Cancelled")
        INVALID = "invalid", _("Invalid")

    class Source(models.TextChoices):
        PAGE = "page", _("Booking page")
        STAFF = "staff", _("Staff")
        API = "api", _("API")
        WORKFLOW = "workflow", _("Workflow")
        PROVIDER = "provider", _("Booking system outside")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    calendar = models.ForeignKey(
        Calendar, verbose_name=_("calendar"), on_delete=models.PROTECT, related_name="appointments", db_index=False
    )
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="appointments", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("member"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="appointments", db_index=False,
    )  # fmt: skip
    hosts: "models.ManyToManyField[User, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("members"), blank=True, related_name="hosted_appointments"
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    start_at = models.DateTimeField(_("begins"))
    end_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, validators=[validate_zone])
    location = models.CharField(_("where"), max_length=300, blank=True)
    notes = models.TextField(_("notes"), max_length=4000, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.NEW)
    # filled in while the status is cancelled
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True, editable=False)
    source = models.CharField(_("booked by"), max_length=10, choices=Source.choices, default=Source.STAFF)
    # the same for all appointments of a series
    series = models.UUIDField(_("series"), null=True, blank=True, editable=False)
    # how often its time was changed (RFC 5545, SEQUENCE)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects: ClassVar[Any] = AppointmentManager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-start_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(end_at__gt=models.F("start_at")), name="appointment_ends_later"),
        ]
        indexes = [
            # the calendar's appointments: lists, feeds, whose turn it is
            models.Index(fields=["calendar", "start_at"], name="appointment_calendar"),
            # a contact's: its page, merging, forgetting
            models.Index(fields=["contact", "start_at"], name="appointment_contact"),
            # a member's: feeds
            models.Index(fields=["user", "start_at"], name="appointment_user"),
        ]

    def __str__(self) -> str:
        return self.title or _("Appointment %(id)s") % {"id": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("admin:appointments_appointment_change", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        """Whoever booked it reads its time in this zone."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return Organisation.get().zone

    @property
    def is_out(self) -> bool:
        """Whether nobody comes: it was cancelled, was none, or the contact did not turn up."""
        return self.status in OUT

    @property
    def is_held(self) -> bool:
        """Whether it takes time of members."""
        return self.status not in RELEASED


# Nobody comes any more; and what takes no time of members.
OUT: Final = (Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW, Appointment.Status.INVALID)
RELEASED: Final = (Appointment.Status.CANCELLED, Appointment.Status.INVALID)


class Guest(models.Model):
    """Somebody who comes along."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="guests", db_index=False)
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="guest_appointments"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"))

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["appointment", "contact"], name="appointment_guest_once")]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


class Occupied(models.Model):
    """Five minutes of a member that an appointment takes."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="occupied")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        # also what is asked for free time: a member's rows within a span
        constraints = [models.UniqueConstraint(fields=["user", "at"], name="member_booked_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d %H:%M}"


class RunWait(models.Model):
    """A run that waits for a moment around an appointment: so long after its start, negative for before."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    uid = models.CharField(max_length=40)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="waits")
    seconds = models.IntegerField()
    from_end = models.BooleanField(default=False)
    # how the appointment stood when the run began: what had fallen through by then pulls nobody out
    was_out = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "uid"], name="appointment_wait_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.run_id} ← {self.appointment_id}"
