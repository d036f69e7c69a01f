"""What is done to appointments: the same for visitors, staff, API, workflows and booking systems outside.

Whatever takes or gives back time of members commits together with the appointment, and a member's time is there once
by a constraint. Times are moments; a naive one is refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import people, slots, waits
from appointments.models import Appointment, Calendar, Guest, Occupied
from appointments.people import Person
from contacts.models import Contact
from triggers.outbox import emit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Status = Appointment.Status
# What a booking system outside and staff may have let pass; five years are a slip of the hand.
FURTHEST: Final = timedelta(days=5 * 366)
LONGEST_REASON: Final = 300


class NotFree(ValidationError):
    """Somebody else was quicker, or the calendar is not open then; the message says which."""


@dataclass(frozen=True)
class Asked:
    """An appointment as it is asked for. What is left empty is the calendar's own.

    `user`: that member and nobody else. `override`: whatever hours, notice and horizon say; a member is still not
    booked twice.
    """

    calendar: Calendar
    contact: Contact
    start: datetime
    source: str = Appointment.Source.STAFF
    guests: Sequence[Person] = ()
    user: "User | None" = None
    title: str = ""
    location: str = ""
    notes: str = ""
    time_zone: str = ""
    status: str = ""
    override: bool = False
    series: UUID | None = None
    hosts: Sequence[int] = field(default=())


@transaction.atomic
def book(asked: Asked, now: datetime | None = None) -> Appointment:
    """A new appointment, with the time that it takes. Raises ValidationError by field; `NotFree` at `start`."""
    now = now or timezone.now()
    calendar = asked.calendar
    if not calendar.active or calendar.source:
        raise ValidationError({"calendar": _("This calendar takes no bookings.")})
    for users in _candidates(asked, now):
        made = _row(asked, users)
        try:
            with transaction.atomic():
                made.save()
                _take(made, calendar, users)
        except IntegrityError as error:
            if not _is_booked_twice(error):
                raise
            made.pk = None
            continue
        made.hosts.set(users)
        add_guests(made, asked.guests)
        return made
    raise NotFree({"start": taken_words()})


@transaction.atomic
def move(
    appointment: Appointment, start: datetime, now: datetime | None = None, *,
    user: "User | None" = None, override: bool = False,
) -> bool:  # fmt: skip
    """Gives the appointment another time, and perhaps another member; whether that was news.

    Raises ValidationError by field; `NotFree` at `start`. Runs that wait for a moment around it follow.
    """
    now = now or timezone.now()
    lock(appointment)
    if appointment.is_out or appointment.status == Status.SHOWED:
        raise ValidationError({"start": _("This appointment is over or was called off. Book a new one.")})
    if start == appointment.start_at and user in (None, appointment.user):
        return False
    length = appointment.end_at - appointment.start_at
    asked = Asked(appointment.calendar, appointment.contact, start, user=user, override=override)
    mine = list(appointment.hosts.values_list("pk", flat=True))
    for users in _candidates(asked, now, sparing=appointment, mine=mine):
        appointment.start_at, appointment.end_at = start, start + length
        appointment.user_id, appointment.status = users[0] if users else None, Status.RESCHEDULED
        appointment.sequence += 1
        try:
            with transaction.atomic():
                appointment.occupied.all().delete()
                _take(appointment, appointment.calendar, users)
                appointment.save()
        except IntegrityError as error:
            if not _is_booked_twice(error):
                raise
            appointment.refresh_from_db()
            continue
        appointment.hosts.set(users)
        waits.follow(appointment, now)
        return True
    raise NotFree({"start": taken_words()})


@transaction.atomic
def set_status(appointment: Appointment, status: str, now: datetime | None = None, *, reason: str = "") -> bool:
    """Whether the status was another. Called off, its time is free again; taken up again, it needs it back.

    `reason` says why it is cancelled, and may be told later; of another status it is refused. Raises ValidationError by
    field, and `NotFree` at `status` where somebody else has that time by now.
    """
    if status not in Status.values:
        raise ValidationError({"status": _("There is no status “%(status)s”.") % {"status": str(status)[:40]}})
    reason = checked_reason(reason, status)
    lock(appointment)
    if appointment.status == status:
        if reason:
            update(appointment, cancel_reason=reason)
        return False
    was_held = appointment.is_held
    appointment.status, appointment.cancel_reason = status, reason
    try:
        with transaction.atomic():
            if was_held and not appointment.is_held:
                appointment.occupied.all().delete()
            elif appointment.is_held and not was_held:
                _take(appointment, appointment.calendar, list(appointment.hosts.values_list("pk", flat=True)))
            appointment.save()
    except IntegrityError as error:
        if not _is_booked_twice(error):
            raise
        raise NotFree({"status": taken_words()}) from None
    waits.follow(appointment, now or timezone.now())
    return True


def cancel(appointment: Appointment, now: datetime | None = None, reason: str = "") -> bool:
    """Whether it was not called off already."""
    return set_status(appointment, Status.CANCELLED, now, reason=reason)


def checked_reason(reason: str, status: str) -> str:
    """Why an appointment of this status is cancelled, tidied. Raises ValidationError at `cancel_reason`."""
    reason = " ".join(reason.split())
    if reason and status != Status.CANCELLED:
        raise ValidationError({"cancel_reason": _("Only what is cancelled has a reason for it.")})
    if len(reason) > LONGEST_REASON:
        told = _("At most %(n)d characters.") % {"n": LONGEST_REASON}
        raise ValidationError({"cancel_reason": told})
    return reason


def update(appointment: Appointment, **values: Any) -> bool:
    """Sets title, location, notes, why it was cancelled; whether anything was another."""
    lock(appointment)
    for name, value in values.items():
        setattr(appointment, name, value)
    changed = bool(appointment.unsaved_fields())
    appointment.save()
    return changed


def add_guests(appointment: Appointment, guests: Iterable[Person]) -> list[Guest]:
    """Those who were no guests yet, each with an event of their own. The contact is no guest."""
    from appointments.telling import told_to

    added = []
    known = {appointment.contact_id, *appointment.guests.values_list("contact", flat=True)}
    for person in sorted(guests, key=lambda guest: guest.email.casefold()):
        contact = people.contact_of(person, {"source": appointment.calendar.name})
        if contact.pk not in known:
            known.add(contact.pk)
            added.append(Guest.objects.create(
                appointment=appointment, contact=contact, name=person.name, email=person.email
            ))  # fmt: skip
    for guest in added:
        emit(told_to(appointment, guest.contact_id))
    return added


def lock(appointment: Appointment) -> None:
    appointment.refresh_from_db(from_queryset=Appointment.objects.select_for_update(of=("self",)))


def taken_words() -> str:
    return _("This time has just been taken. Choose another.")


def _row(asked: Asked, users: Sequence[int]) -> Appointment:
    calendar = asked.calendar
    usual = Status.CONFIRMED if calendar.auto_confirm else Status.NEW
    name = {"calendar": calendar.name, "contact": asked.contact}
    return Appointment(
        calendar=calendar, contact=asked.contact, user_id=users[0] if users else None,
        title=(asked.title or _("%(calendar)s: %(contact)s") % name)[:200], start_at=asked.start,
        end_at=asked.start + timedelta(minutes=calendar.minutes), time_zone=asked.time_zone or calendar.zone.key,
        location=asked.location or calendar.location, notes=asked.notes, source=asked.source,
        status=asked.status or usual, series=asked.series,
    )  # fmt: skip


def _candidates(
    asked: Asked, now: datetime, *, sparing: Appointment | None = None, mine: Sequence[int] = ()
) -> list[list[int]]:
    """Who may keep it, the likeliest first: each a list of members. Raises ValidationError where nobody may."""
    calendar, start = asked.calendar, asked.start
    if timezone.is_naive(start):
        raise ValidationError({"start": _("Say in which time zone that is, such as 2026-03-02T09:00+01:00.")})
    if abs(start - now) > FURTHEST:
        raise ValidationError({"start": _("That is more than five years away.")})
    members = slots.members_of(calendar)
    if asked.user is not None and asked.user.pk not in members:
        raise ValidationError({"user": _("%(user)s is no member of this calendar.") % {"user": asked.user}})
    if asked.override:
        users = members
    else:
        if start <= now:
            raise NotFree({"start": _("This time is past. Choose another.")})
        offered = slots.free(calendar, start, start + slots.GRAIN, now, sparing=sparing,
                             anyhow=asked.source == Appointment.Source.STAFF)  # fmt: skip
        users = next((list(slot.users) for slot in offered if slot.start == start), [])
        if not users:
            raise NotFree({"start": why_not(calendar, start, now)})
    if not users:
        raise ValidationError({"calendar": _("This calendar has no members. Add one first.")})
    if calendar.kind == Calendar.Kind.COLLECTIVE:
        return [sorted(users, key=lambda pk: asked.user is None or pk != asked.user.pk)]
    if asked.user is not None:
        if asked.user.pk not in users:
            raise NotFree({"start": _("%(user)s has no time then. Choose another.") % {"user": asked.user}})
        return [[asked.user.pk]]
    turns = slots.in_turn(calendar, users, now)
    return [[user] for user in sorted(turns, key=lambda pk: pk not in mine)]


def why_not(calendar: Calendar, start: datetime, now: datetime) -> str:
    """Why a moment is not offered, in words."""
    if start <= now:
        return _("This time is past. Choose another.")
    if start < now + timedelta(hours=calendar.notice_hours):
        return _("That is too soon: it has to be booked %(n)d hours ahead.") % {"n": calendar.notice_hours}
    if start >= now + timedelta(days=calendar.horizon_days):
        return _("That is too far ahead: %(n)d days at most.") % {"n": calendar.horizon_days}
    return _("This time is taken, or not within the opening hours. Choose another.")


def _take(appointment: Appointment, calendar: Calendar, users: Iterable[int]) -> None:
    """Writes down the time that it takes. In one order, so that two who want the same never wait for each other."""
    if not appointment.is_held:
        return
    first, last = slots.around(calendar, appointment.start_at, appointment.end_at)
    Occupied.objects.bulk_create([
        Occupied(appointment=appointment, user_id=user, at=at)
        for user in sorted(users) for at in slots.grains(first, last)
    ])  # fmt: skip


def _is_booked_twice(error: IntegrityError) -> bool:
    """PostgreSQL names the constraint, SQLite its columns."""
    said = str(error)
    return "member_booked_once" in said or "appointments_occupied.at" in said
