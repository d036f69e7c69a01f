"""Appointments for calendar programs (iCalendar, RFC 5545): one by mail or link (RFC 5546), many as a feed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event, vCalAddress

from appointments import links
from appointments.models import RELEASED, Appointment
from contacts.todo.calendars import plain
from triggers.models import Organisation

MOST: Final = 2000
# How far back a feed goes.
PAST: Final = timedelta(days=90)
STATES: Final = {"new": "TENTATIVE", "cancelled": "CANCELLED", "invalid": "CANCELLED"}


def method_of(appointment: Appointment) -> str:
    """What the reader's program is to do: take it in, or take it out."""
    return "CANCEL" if appointment.status in RELEASED else "REQUEST"


def invitation(appointment: Appointment, method: str = "PUBLISH") -> bytes:
    """One appointment, as the contact reads it."""
    made = _calendar(method)
    item = _event(appointment)
    organisation = Organisation.get()
    item.add("description", plain("\n\n".join(filter(None, (appointment.notes, links.address(appointment.pk))))))
    item.add("url", links.address(appointment.pk))
    item.add("organizer", _who(organisation.name, _sender(organisation, appointment)))
    if appointment.contact.email:
        item.add("attendee", _who(str(appointment.contact), appointment.contact.email))
    for guest in appointment.guests.all():
        item.add("attendee", _who(guest.name, guest.email))
    if appointment.cancel_reason:
        item.add("comment", plain(appointment.cancel_reason))
    made.add_component(item)
    return bytes(made.to_ical())


def feed(appointments: Iterable[Appointment], name: str) -> bytes:
    """Appointments as staff read them. Says the same for the same appointments."""
    made = _calendar("PUBLISH")
    made.add("x-wr-calname", plain(name))
    for appointment in appointments:
        item = _event(appointment)
        page = settings.PUBLIC_URL + reverse("admin:appointments_appointment_change", args=[appointment.pk])
        item.add("description", plain("\n\n".join(filter(None, (str(appointment.contact), appointment.notes, page)))))
        item.add("url", page)
        made.add_component(item)
    return bytes(made.to_ical())


def of_feed(rows: Any, now: datetime) -> list[Appointment]:
    """Those of the rows that a feed shows: what is to come, and what was of late; without what was called off."""
    shown = rows.filter(start_at__gt=now - PAST).exclude(status__in=RELEASED)
    return list(shown.select_related("contact", "calendar").order_by("start_at", "pk")[:MOST])


def _calendar(method: str) -> Calendar:
    made = Calendar()
    made.add("prodid", "-//Concours//Appointments//EN")
    made.add("version", "2.0")
    made.add("method", method)
    return made


def _event(appointment: Appointment) -> Event:
    item = Event()
    item.add("uid", f"{appointment.uid}@{urlsplit(settings.PUBLIC_URL).hostname}")
    item.add("dtstamp", appointment.updated_at)
    item.add("last-modified", appointment.updated_at)
    item.add("sequence", appointment.sequence + (appointment.status in RELEASED))
    item.add("dtstart", appointment.start_at)
    item.add("dtend", appointment.end_at)
    item.add("summary", plain(str(appointment)))
    item.add("status", STATES.get(appointment.status, "CONFIRMED"))
    if appointment.location:
        item.add("location", plain(appointment.location))
    return item


def _sender(organisation: Organisation, appointment: Appointment) -> str:
    own = organisation.reply_to or parseaddr(organisation.sender)[1] or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return appointment.user.email if appointment.user and appointment.user.email else own


def _who(name: str, email: str) -> vCalAddress:
    who = vCalAddress(f"mailto:{email}")
    if name:
        who.params["CN"] = plain(name)
    return who
