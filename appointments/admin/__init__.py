"""Appointments in the admin: a file for each kind of record, and where else they are shown."""

from appointments.admin import appointments, busy, calendars, coming
from contacts.admin.cards import cards

__all__ = ["appointments", "busy", "calendars", "coming"]

cards["appointments"] = ("admin/appointments/appointment/card.html", coming.card)
