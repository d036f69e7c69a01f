"""A customer booked on a public page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appointments.telling import Told, Which, every, narrow
from triggers.event_types import Happened, event


@event("appointment.customer_booked", label=_("Customer booked appointment"), section="Appointment Triggers")
class AppointmentCustomerBooked(Told, Happened):
    """A customer booked an appointment on a public page. What staff book, and series, never tell of it.

    Guests who were named at the booking have events of their own, which start workflows only where a trigger asks for
    guests. Each starts its workflow whatever that says of starting again.
    """

    reenters = True
    Options = Which

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        return every(narrow(options))
