"""Appointments in the admin: a file for each kind of record."""

from appointments.admin import appointments, busy, calendars

__all__ = ["appointments", "busy", "calendars"]
