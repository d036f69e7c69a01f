"""What appointments keep about people: how it is told to them, and how it is forgotten.

Of a forgotten person's appointments the figures stay: when they were, in which calendar, and what became of them.
"""

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from appointments.models import RELEASED, Appointment, ExternalBooking, Guest, Occupied, RunWait
from triggers import holdings, privacy
from triggers.privacy import Blank, Delete, Holding, Keep, Person

TOLD: Final = (
    "title", "calendar", "user", "start_at", "end_at", "time_zone", "location", "notes", "status", "cancel_reason",
    "source", "created_at", "updated_at",
)  # fmt: skip


def register() -> None:
    privacy.closers["appointments"] = call_off
    privacy.register(
        Holding(
            "appointments", "appointments.Appointment", _appointments,
            Blank({"title": "", "notes": "", "location": "", "cancel_reason": ""}), told=TOLD, label=_("appointments"),
        ),
        Holding(
            "guests", "appointments.Guest", lambda who: Guest.objects.filter(contact__in=who.ids), Delete(),
            told=("appointment", "name", "email"), label=_("appointments of others"),
        ),
        Holding(
            "booked time", "appointments.Occupied",
            lambda who: Occupied.objects.filter(appointment__contact__in=who.ids), Keep(),
        ),
        Holding(
            "waits for appointments", "appointments.RunWait",
            lambda who: RunWait.objects.filter(appointment__contact__in=who.ids), Keep(),
        ),
        Holding(
            "bookings outside", "appointments.ExternalBooking",
            lambda who: ExternalBooking.objects.filter(appointment__contact__in=who.ids),
            Blank({"told": {}, "cancel_reason": ""}), told=("told", "cancel_reason"), label=_("bookings at systems outside"),
        ),
        Holding(
            "history of appointments", "admin.LogEntry",
            lambda who: holdings.log_of(Appointment, _appointments(who).values_list("pk", flat=True)),
            Blank({"object_repr": "", "change_message": ""}), turn=privacy.BEFORE,
        ),
    )  # fmt: skip


def call_off(who: Person, now: datetime) -> None:
    """Nobody waits for the person any more. No event tells of it."""
    coming = _appointments(who).filter(start_at__gt=now).exclude(status__in=RELEASED)
    Occupied.objects.filter(appointment__in=coming.values("pk")).delete()
    coming.update_untold(status=Appointment.Status.CANCELLED)


def _appointments(who: Person) -> Any:
    return Appointment.objects.filter(contact__in=who.ids)
