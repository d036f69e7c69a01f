"""What mails can have attached, of apps that do not know of mails."""

from django.utils.translation import gettext_lazy as _

from appointments import ics
from appointments.models import Appointment
from conversations import attaching
from conversations.attaching import File, Maker
from triggers.run_context import RunContext


def register() -> None:
    attaching.makers["appointment"] = Maker(_("The appointment, for a calendar"), _appointment)


def _appointment(ctx: RunContext) -> File | None:
    """The run's appointment as it stands now; one that was called off takes itself out of the reader's calendar."""
    number = ctx.object_id("appointment")
    rows = Appointment.objects.select_related("calendar", "contact", "user").filter(pk=number)
    found = rows.first() if number is not None else None
    if found is None:
        return None
    method = ics.method_of(found)
    text = ics.invitation(found, method).decode()
    return File("appointment.ics", "text/calendar", text, {"method": method})
