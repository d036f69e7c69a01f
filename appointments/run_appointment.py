"""What the appointment actions share: the run's appointment."""

from typing import Final

from django.utils.translation import gettext as _

from appointments.models import Appointment
from triggers.run_context import Gone, RunContext

NAMESPACE: Final = "appointment"


def number_of(ctx: RunContext) -> int | None:
    """Made earlier in the run, else its event's; None where it is about none."""
    return ctx.object_id(NAMESPACE)


def appointment_of(ctx: RunContext) -> Appointment:
    """The run's appointment, locked. Raises Gone."""
    number = number_of(ctx)
    if number is None:
        raise Gone(_("This run has no appointment. Start it by one, or make one earlier in the workflow."))
    rows = Appointment.objects.select_for_update(of=("self",))
    found: Appointment | None = rows.filter(pk=number).first()
    if found is None:
        raise Gone(_("The appointment of this run was deleted."))
    return found
