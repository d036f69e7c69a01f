"""Calendly's events: an invitee is a booking. A reschedule is two: the old invitee is cancelled, a new one made."""

from datetime import datetime
from typing import Any, Final

from appointments.outside import Told
from providers import bookings
from providers.base import field_of
from providers.frame import Handled, Json
from providers.reading import moment

KINDS: Final = ("invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted")


def take(connection: Any, data: Json, now: datetime) -> Handled:
    return bookings.take(told(connection, data, now))


def told(connection: Any, data: Json, now: datetime) -> Told:
    """The item as `appointments` takes it."""
    kind, payload = field_of(data, "event"), data.get("payload", {})
    event = payload.get("scheduled_event") or payload.get("event")
    event = event if isinstance(event, dict) else {}
    # What is cancelled only because another takes its place is not called off.
    was_moved = payload.get("rescheduled") is True
    hosts = bookings.listed(event.get("event_memberships"))
    who = bookings.person_of(payload, phone="text_reminder_number")
    return Told(
        source=bookings.source_of(connection), number=field_of(payload, "uri"), system="Calendly",
        at=moment(data.get("created_at")) or now, kind=field_of(event, "name"), title=field_of(event, "name"),
        start=moment(event.get("start_time")), end=moment(event.get("end_time")),
        time_zone=field_of(payload, "timezone"), location=_place(event.get("location")), notes=_answers(payload),
        who=who, guests=[bookings.person_of(each) for each in bookings.listed(event.get("event_guests"))],
        host=field_of(hosts[0], "user_email") if hosts else "",
        replaces=field_of(payload, "old_invitee"), replaced_by=field_of(payload, "new_invitee"),
        is_accepted=True, is_cancelled=kind == "invitee.canceled" and not was_moved,
        cancel_reason=field_of(payload.get("cancellation"), "reason"),
        no_show={"invitee_no_show.created": True, "invitee_no_show.deleted": False}.get(kind),
    )  # fmt: skip


def _place(location: Any) -> str:
    return field_of(location, "location") or field_of(location, "join_url")


def _answers(payload: Json) -> str:
    """The questions of the booking page with what was answered."""
    asked = bookings.listed(payload.get("questions_and_answers"))
    return "\n".join(f"{field_of(each, 'question')}: {field_of(each, 'answer')}" for each in asked)
