"""The demo's calendar, its appointments, and the workflow that confirms and reminds."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from appointments import services, slots
from appointments.models import Appointment, Calendar, CalendarGroup, Member, OpenHours
from contacts.models import Contact
from triggers.context import quiet

Json = dict[str, Any]


def ensure(*members: User) -> Calendar:
    """The calendar of visits to the showroom, with three appointments; made where it is missing."""
    found = Calendar.objects.filter(key="showroom").first()
    if found is not None:
        return found
    group = CalendarGroup.objects.create(name="Brandt Küchen")
    made = Calendar.objects.create(
        name="Visit our showroom", key="showroom", group=group, minutes=60, step=30, buffer_after=15, notice_hours=4,
        location="Waldstraße 12, 10551 Berlin",
        description="We show you kitchens, worktops and lights, and plan with you what fits.",
    )  # fmt: skip
    for place, user in enumerate(members):
        Member.objects.create(calendar=made, user=user, position=place)
    for weekday in range(1, 6):
        OpenHours.objects.create(calendar=made, weekday=weekday, starts=time(9), ends=time(17))
    _appointments(made)
    return made


def _appointments(calendar: Calendar) -> None:
    now = timezone.now()
    free = slots.free(calendar, now, now + timedelta(days=7), now)[2::9]
    with quiet("demo"):
        for contact, slot in zip(Contact.objects.order_by("pk")[:3], free, strict=False):
            _book(calendar, contact, slot.start, now)


def _book(calendar: Calendar, contact: Contact, start: datetime, now: datetime) -> None:
    try:
        services.book(services.Asked(calendar, contact, start, source=Appointment.Source.PAGE), now)
    except ValidationError:
        return


def booked(calendar: Calendar) -> Json:
    """Whoever books gets the appointment by mail, is reminded the day before, and is asked afterwards."""
    return {
        "triggers": [
            {
                "uid": "t1", "event": "appointment.customer_booked", "config": {"calendars": [calendar.pk]},
                "conditions": None,
            },
        ],
        "actions": [
            {
                "uid": "mail", "action": "email.send", "name": "Confirm",
                "config": {
                    "category": "transactional", "attach": ["appointment"],
                    "subject": "Your visit on {{ appointment.start_date }}",
                    "text": "Good day {{ contact.name }},\n\nwe look forward to seeing you on "
                    "{{ appointment.start_date }} at {{ appointment.start_time }}, {{ appointment.location }}.\n\n"
                    "Another time suits you better? {{ appointment.reschedule_url }}\n"
                    "You cannot come? {{ appointment.cancel_url }}",
                },
            },
            {
                "uid": "wait", "action": "appointment.wait", "name": "The day before",
                "config": {"when": "before", "amount": 1, "unit": "days"},
            },
            {
                "uid": "remind", "action": "email.send", "name": "Remind",
                "config": {
                    "category": "transactional", "subject": "Tomorrow at {{ appointment.start_time }}",
                    "text": "Good day {{ contact.name }},\n\nsee you tomorrow at {{ appointment.start_time }}: "
                    "{{ appointment.location }}.\n\n{{ appointment.address }}",
                },
            },
        ],
        "settings": {"timezone": "account"},
    }  # fmt: skip
