"""A visitor books on a public page: the contact, the appointment and what is told of it commit together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation

from appointments import people, services
from appointments.events.appointment_customer_booked import AppointmentCustomerBooked
from appointments.models import Appointment, Calendar
from appointments.people import Person
from appointments.telling import BOOKING_PAGE, row_of, texts_of
from triggers import languages
from triggers.context import act_as
from triggers.outbox import emit


@dataclass(frozen=True)
class Booking:
    """What a visitor entered."""

    calendar: Calendar
    start: datetime
    who: Person
    guests: Sequence[Person] = ()
    notes: str = ""
    time_zone: str = ""


def book(asked: Booking, now: datetime) -> Appointment:
    """The appointment; raises ValidationError by field, and then nothing is stored: not the contact either."""
    # Whoever is signed in at this browser is not who acts: the visitor is.
    with act_as(actor="system", actor_id="", origin=BOOKING_PAGE), transaction.atomic():
        language = translation.get_language() or ""
        contact = people.contact_of(
            asked.who,
            {"language": language, "time_zone": asked.time_zone, "source": asked.calendar.name, "channel": "form"},
        )
        with languages.of_mail_to(contact.language):
            made = services.book(
                services.Asked(
                    calendar=asked.calendar, contact=contact, start=asked.start, source=Appointment.Source.PAGE,
                    guests=asked.guests, notes=asked.notes, time_zone=asked.time_zone,
                ), now,
            )  # fmt: skip
        tell(made)
        return made


def tell(made: Appointment) -> None:
    """That a customer booked: to the contact, and to each guest."""
    told = texts_of([row_of(made)])[made.pk]
    emit(AppointmentCustomerBooked(**told, appointment_id=made.pk))
    for contact in made.guests.order_by("pk").values_list("contact", flat=True):
        emit(AppointmentCustomerBooked(**{**told, "contact_id": contact, "role": "guest"}, appointment_id=made.pk))
