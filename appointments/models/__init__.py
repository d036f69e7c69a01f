"""Calendars, who belongs to them and when they are open; appointments, and the time that each takes."""

from appointments.models.appointment import OUT, RELEASED, Appointment, Guest, Occupied, RunWait
from appointments.models.busy import BusyFeed, BusyTime
from appointments.models.calendar import Calendar, CalendarGroup, DayHours, Member, OpenHours
from appointments.models.external import ExternalBooking
from appointments.models.feed import AppointmentFeed

__all__ = [
    "OUT", "RELEASED", "Appointment", "AppointmentFeed", "BusyFeed", "BusyTime", "Calendar", "CalendarGroup", "DayHours",
    "ExternalBooking", "Guest", "Member", "Occupied", "OpenHours", "RunWait",
]  # fmt: skip
