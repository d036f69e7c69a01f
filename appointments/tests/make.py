"""Calendars and appointments, made as simply as a test can say it. Monday 2 March 2026, 08:00 in Berlin is NOW."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from appointments import services
from appointments.models import Appointment, Calendar, Member, OpenHours
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers.models import Event

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
# Tuesday, 09:00 in Berlin.
TUESDAY = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
VISITOR = Client(raise_request_exception=False)


def calendar(name: str = "First talk", *users: Any, **values: Any) -> Calendar:
    """A calendar that is open on weekdays from 9 to 17 in Berlin; without users it gets one called ana."""
    made = Calendar.objects.create(
        **{"name": name, "time_zone": "Europe/Berlin", "notice_hours": 0, "horizon_days": 700, **values}
    )
    for place, user in enumerate(users or (contacts.user("ana", first_name="Ana", is_staff=True),)):
        Member.objects.create(calendar=made, user=user, position=place)
    open_on(made, *range(1, 6))
    return made


def open_on(calendar: Calendar, *weekdays: int, since: str = "09:00", until: str = "17:00", user: Any = None) -> None:
    for weekday in weekdays:
        OpenHours.objects.create(
            calendar=calendar, weekday=weekday, starts=time.fromisoformat(since), ends=time.fromisoformat(until),
            user=user,
        )  # fmt: skip


def booked(
    calendar: Calendar, start: datetime = TUESDAY, contact: Contact | None = None, now: datetime = NOW, **values: Any
) -> Appointment:  # fmt: skip
    who = contact or Contact.objects.order_by("pk").first() or contacts.contact()
    return services.book(services.Asked(calendar, who, start, **values), now)


def coming(hours: int = 48) -> datetime:
    """A full hour at least so far from the real clock, on a weekday within opening hours: for pages, which read it."""
    at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    while at.isoweekday() > 5 or at.hour != 10:
        at += timedelta(hours=1)
    return at


def post(calendar: Calendar, at: datetime, address: str = "10.0.0.1", **values: str) -> HttpResponse:
    """Sends the booking form as a browser does."""
    data = {
        "at": str(values.pop("when", at.isoformat())),
        "zone": "Europe/Berlin",
        "name": "Mia Sommer",
        "email": "mia@example.org",
        **values,
    }
    return VISITOR.post(f"/book/{calendar.key}/", data, REMOTE_ADDR=address)


def told(kind: str = "appointment.status_changed") -> list[dict[str, Any]]:
    """What the events of this type told, oldest first."""
    return [event.data for event in Event.objects.filter(type=kind).order_by("pk")]
