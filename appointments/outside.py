"""Bookings at systems outside, as the same appointments: whatever the order in which they are told, and however often.

A booking there is a row with marks that only ever grow, and with what was told last by that system's own clock. A booking
that took another's place is the same appointment here. What an appointment is to be follows from the rows of its chain
alone; it is written only where that is something new, so that what staff changed here meanwhile stays.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import available_timezones

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from appointments import people, services, slots, waits
from appointments.booking import tell
from appointments.models import Appointment, Calendar, ExternalBooking, Occupied
from appointments.people import Person
from appointments.services import Status
from contacts import identity
from contacts.models import Contact
from triggers.tracking import drop

# A chain of moves is as long as people are undecided.
LONGEST: Final = 100
NOBODY: Final = Person()


class Unclear(Exception):
    """What was told is about no time or nobody; the message says why."""


@dataclass(frozen=True)
class Told:
    """One thing that a system told of one booking, at `at` by its own clock. What it does not tell is None or empty.

    `source` names the connection. `replaces` is the booking whose place it took, `replaced_by` the one that took its.
    """

    source: str
    number: str
    at: datetime
    system: str = ""
    kind: str = ""
    title: str = ""
    start: datetime | None = None
    end: datetime | None = None
    time_zone: str = ""
    location: str = ""
    notes: str = ""
    who: Person = NOBODY
    guests: Sequence[Person] = ()
    host: str = ""
    replaces: str = ""
    replaced_by: str = ""
    is_accepted: bool = False
    is_cancelled: bool = False
    cancel_reason: str = ""
    no_show: bool | None = None


class Wanted(NamedTuple):
    """What an appointment is to be by all that was told."""

    status: str
    start_at: datetime
    end_at: datetime
    title: str
    time_zone: str
    location: str
    notes: str
    host: str
    cancel_reason: str


@transaction.atomic
def take(told: Told) -> Appointment | None:
    """The appointment after this was told; None while too little is known for one. Raises `Unclear`."""
    _check(told)
    # Everything about one connection's bookings one after the other: a chain is found and joined as a whole.
    identity.one_at_a_time([f"bookings:{told.source}"])
    row = _row(told.source, told.number)
    before = _wanted(_chain(told, row))
    _grow(row, told)
    chain = _chain(told, row)
    after, (appointment, was_apart) = _wanted(chain), _joined(chain)
    if after is None:
        return appointment
    if appointment is None:
        appointment = _book(told, _known(chain)[-1].told, after)
    elif was_apart or before is None:
        _write(appointment, after, Wanted._fields)
    else:
        _write(appointment, after, [name for name in Wanted._fields if getattr(before, name) != getattr(after, name)])
    for each in chain:
        if each.appointment_id != appointment.pk:
            each.appointment = appointment
            each.save(update_fields=["appointment"])
    return appointment


def _check(told: Told) -> None:
    if told.start is not None and told.end is not None and told.end <= told.start:
        raise Unclear(_("The booking ends before it begins."))
    if told.start is not None and told.start.tzinfo is None:
        raise Unclear(_("The booking does not say in which time zone it begins."))
    if not told.number:
        raise Unclear(_("The booking has no number."))


def _row(source: str, number: str) -> ExternalBooking:
    found, _made = ExternalBooking.objects.select_for_update().get_or_create(source=source, number=number[:255])
    return found


def _grow(row: ExternalBooking, told: Told) -> None:
    """Adds what was told: marks stay once set, and facts are those told last."""
    row.is_accepted |= told.is_accepted
    row.is_cancelled |= told.is_cancelled
    if told.is_cancelled:
        # Of two reasons whichever, as long as it is always the same.
        row.cancel_reason = max(row.cancel_reason, " ".join(told.cancel_reason.split())[:300])
    if told.no_show is not None and (row.no_show_at is None or (told.at, told.no_show) > (row.no_show_at, row.no_show)):
        row.no_show, row.no_show_at = told.no_show, told.at
    row.replaces = row.replaces or told.replaces[:255]
    if told.start is not None and told.end is not None:
        facts = _facts(told)
        # Two that were told at one moment: whichever, as long as it is always the same.
        if row.told_at is None or (told.at, json.dumps(facts)) > (row.told_at, json.dumps(row.told)):
            row.told, row.told_at = facts, told.at
    row.save()
    if told.replaced_by:
        follower = _row(told.source, told.replaced_by)
        if not follower.replaces:
            follower.replaces = row.number
            follower.save(update_fields=["replaces"])


def _chain(told: Told, row: ExternalBooking) -> list[ExternalBooking]:
    """All bookings that are one appointment, the first one first."""
    rows = ExternalBooking.objects.filter(source=told.source)
    chain, seen = [row], {row.number}
    while chain[0].replaces and chain[0].replaces not in seen and len(chain) < LONGEST:
        seen.add(chain[0].replaces)
        chain.insert(0, _row(told.source, chain[0].replaces))
    while len(chain) < LONGEST:
        later = rows.filter(replaces=chain[-1].number).exclude(number__in=seen).order_by("number").first()
        if later is None:
            break
        seen.add(later.number)
        chain.append(later)
    return chain


def _facts(told: Told) -> dict[str, Any]:
    assert told.start is not None
    assert told.end is not None
    return {
        "end": told.end.isoformat(), "guests": [list(guest) for guest in told.guests], "host": told.host,
        "kind": told.kind, "location": told.location[:300], "notes": told.notes[:4000], "start": told.start.isoformat(),
        "time_zone": told.time_zone if told.time_zone in available_timezones() else "", "title": told.title[:200],
        "who": list(told.who),
    }  # fmt: skip


def _known(chain: Sequence[ExternalBooking]) -> list[ExternalBooking]:
    """Those whose time was told."""
    return [row for row in chain if row.told]


def _wanted(chain: Sequence[ExternalBooking]) -> Wanted | None:
    """What the chain says; None while none of it is known to take place at a time."""
    known = _known(chain)
    if not known:
        return None
    last, facts = known[-1], known[-1].told
    status = Status.NEW
    if last.is_accepted:
        status = Status.RESCHEDULED if last.replaces else Status.CONFIRMED
    if last.no_show:
        status = Status.NO_SHOW
    if last.is_cancelled:
        status = Status.CANCELLED
    start, end = parse_datetime(facts["start"]), parse_datetime(facts["end"])
    assert start is not None
    assert end is not None
    plain = {name: facts[name] for name in ("title", "time_zone", "location", "notes", "host")}
    return Wanted(status=str(status), start_at=start, end_at=end, cancel_reason=last.cancel_reason, **plain)


def _joined(chain: Sequence[ExternalBooking]) -> tuple[Appointment | None, bool]:
    """The chain's one appointment, and whether parts of it had one each: then the first of them stays."""
    numbers = sorted({row.appointment_id for row in chain if row.appointment_id is not None})
    if not numbers:
        return None, False
    if numbers[1:]:
        ExternalBooking.objects.filter(appointment__in=numbers[1:]).update(appointment=numbers[0])
        drop(Appointment.objects.filter(pk__in=numbers[1:]))
        for row in chain:
            row.appointment_id = numbers[0]
    found: Appointment = Appointment.objects.select_for_update(of=("self",)).get(pk=numbers[0])
    return found, bool(numbers[1:])


def _host(email: str) -> Any:
    """The colleague of this address."""
    return get_user_model()._default_manager.filter(email__iexact=email, is_active=True).first() if email else None


def _book(told: Told, facts: dict[str, Any], wanted: Wanted) -> Appointment:
    contact, host = _contact(Person(*facts["who"]), told), _host(wanted.host)
    columns = {name: getattr(wanted, name) for name in Wanted._fields if name != "host"}
    made = Appointment(
        calendar=_calendar(told, facts["kind"]),
        contact=contact,
        user=host,
        source=Appointment.Source.PROVIDER,
        **columns,
    )
    made.save()
    if host is not None:
        made.hosts.set([host])
    _take_what_is_free(made)
    guests = [Person(*each) for each in facts["guests"]]
    services.add_guests(made, [each for each in guests if people.is_email(each.email)][: people.MOST_GUESTS])
    if wanted.status in (Status.CONFIRMED, Status.NEW):
        tell(made)
    return made


def _contact(who: Person, told: Told) -> Contact:
    try:
        return people.contact_of(who, {"source": told.system})
    except ValidationError as error:
        raise Unclear(_("Who booked cannot be stored: %(why)s") % {"why": " ".join(error.messages)}) from None


def _write(appointment: Appointment, wanted: Wanted, names: Iterable[str]) -> None:
    """Writes those of the columns; runs that wait around it follow."""
    changed = [*names]
    if not changed:
        return
    if wanted.start_at != appointment.start_at:
        appointment.sequence += 1
    for name in changed:
        if name == "host":
            appointment.user = _host(wanted.host)
            appointment.hosts.set([appointment.user] if appointment.user else [])
        else:
            setattr(appointment, name, getattr(wanted, name))
    if appointment.status != Status.CANCELLED:
        # Staff may have cancelled it here, and said why.
        appointment.cancel_reason = ""
    appointment.save()
    _take_what_is_free(appointment)
    waits.follow(appointment, timezone.now())


def _take_what_is_free(appointment: Appointment) -> None:
    """What was booked elsewhere is booked, whoever else has that time here: it takes what is left of it."""
    appointment.occupied.all().delete()
    if appointment.user_id is None or not appointment.is_held:
        return
    taken = slots.grains(appointment.start_at, appointment.end_at)
    rows = [Occupied(appointment=appointment, user_id=appointment.user_id, at=at) for at in taken]
    Occupied.objects.bulk_create(rows, ignore_conflicts=True)


def _calendar(told: Told, kind: str) -> Calendar:
    """The calendar that shows bookings of this kind: not booked here, and named after what it is there."""
    source = f"{told.source}:{kind}"[:255]
    name = (kind or told.system or told.source)[:120]
    found, _made = Calendar.objects.get_or_create(source=source, defaults={"name": name, "active": False})
    return found


__all__ = ["Told", "Unclear", "take"]
