"""Cal.com's events: each booking has a uid; one that was moved has a new uid, and names the one before."""

from datetime import datetime
from typing import Any, Final

from appointments.outside import Told
from appointments.people import Person
from providers import bookings
from providers.base import field_of
from providers.frame import Handled, Json
from providers.reading import moment

ACCEPTED: Final = ("BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_PAID")
CALLED_OFF: Final = ("BOOKING_CANCELLED", "BOOKING_REJECTED")
KINDS: Final = (*ACCEPTED, *CALLED_OFF, "BOOKING_REQUESTED", "BOOKING_NO_SHOW_UPDATED")


def take(connection: Any, data: Json, now: datetime) -> Handled:
    return bookings.take(told(connection, data, now))


def told(connection: Any, data: Json, now: datetime) -> Told:
    """The item as `appointments` takes it."""
    kind, payload = field_of(data, "triggerEvent"), data.get("payload", {})
    attendees = bookings.listed(payload.get("attendees"))
    organizer = payload.get("organizer")
    first = attendees[0] if attendees else {}
    return Told(
        source=bookings.source_of(connection), number=field_of(payload, "uid") or field_of(payload, "bookingUid"),
        system="Cal.com", at=moment(data.get("createdAt")) or now, kind=field_of(payload, "type"),
        title=field_of(payload, "title"), start=moment(payload.get("startTime")), end=moment(payload.get("endTime")),
        time_zone=field_of(first, "timeZone"), location=_place(payload),
        notes=field_of(payload, "additionalNotes"),
        who=bookings.person_of(first, phone="phoneNumber") if first else Person(),
        guests=[bookings.person_of(each) for each in attendees[1:]], host=field_of(organizer, "email"),
        replaces=field_of(payload, "rescheduleUid"), is_accepted=kind in ACCEPTED, is_cancelled=kind in CALLED_OFF,
        cancel_reason=field_of(payload, "cancellationReason") or field_of(payload, "rejectionReason"),
        no_show=_no_show(attendees) if kind == "BOOKING_NO_SHOW_UPDATED" else None,
    )  # fmt: skip


def _no_show(attendees: list[Any]) -> bool:
    return any(each.get("noShow") is True for each in attendees)


def _place(payload: Json) -> str:
    """Where it is; Cal.com's own names for video calls say nothing to people."""
    found = field_of(payload, "location")
    return "" if found.startswith("integrations:") else found
