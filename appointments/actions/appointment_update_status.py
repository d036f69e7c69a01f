"""Sets the status of the run's appointment."""

from typing import Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from appointments import services
from appointments.models import Appointment
from appointments.run_appointment import appointment_of
from appointments.telling import STATUSES
from contacts.run_contact import refusal
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.problems import Problem
from triggers.run_context import RunContext


@action(
    "appointment.update_status", label=gettext_lazy("Set appointment status"), section="Appointments",
    may_cause=("appointment.status_changed",), texts=("reason",), needs=("appointments.change_appointment",),
)  # fmt: skip
class AppointmentUpdateStatus(Action):
    """Sets the status of the run's appointment; one that has it already is left alone.

    Cancelled and invalid appointments take no time of members. Taken up again, one needs its time back, and fails where
    that is taken by now.
    """

    status: Literal["new", "confirmed", "showed", "no_show", "cancelled", "invalid"] = Field(
        title=gettext_noop("Status"),
        json_schema_extra={"labels": {key: label for key, label in STATUSES.items() if key != "rescheduled"}},
    )
    reason: str = Field("", max_length=400, title=gettext_noop("Why it is cancelled"))

    def problems(self, uid: str) -> list[Problem]:
        if self.reason.strip() and self.status != "cancelled":
            return [Problem(("reason",), _("Only what is cancelled has a reason for it."))]
        return []

    def run(self, ctx: RunContext) -> Outcome:
        appointment = appointment_of(ctx)
        words = {"status": Appointment.Status(self.status).label}
        reason = " ".join(ctx.render_line(self.reason).split())[: services.LONGEST_REASON]
        try:
            changed = services.set_status(appointment, self.status, ctx.now, reason=reason)
        except ValidationError as error:
            return Fail(refusal(error, str))
        if not changed:
            return Done(_("The status was “%(status)s” already.") % words)
        return Done(_("Set the status to “%(status)s”.") % words, {"status": self.status})

    def preview(self, ctx: RunContext) -> str:
        return _("Sets the appointment's status to “%(status)s”.") % {"status": Appointment.Status(self.status).label}
