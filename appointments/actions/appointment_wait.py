"""Waits for a moment around the run's appointment, and follows it when it is moved."""

from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from appointments import waits
from appointments.models import OUT, Appointment, RunWait
from appointments.run_appointment import appointment_of, number_of
from triggers.action_types import Action, Done, Outcome, Stop, Wait, action
from triggers.actions.wait_duration import span_in_words
from triggers.run_context import Gone, RunContext
from triggers.wording import moments


@action("appointment.wait", label=gettext_lazy("Wait around the appointment"), section="Flow", touches="flow")
class AppointmentWait(Action):
    """Waits until so long before the appointment begins, or after it ends; a moment that has passed does not wait.

    When the appointment is moved, the wait follows. When it is cancelled, invalid, or the contact does not come, the
    run ends, unless that is how it stood when the run began.
    """

    when: Literal["before", "start", "end", "after"] = Field(
        "before", title=gettext_noop("When"),
        json_schema_extra={"labels": {
            "before": gettext_noop("Before it begins"), "start": gettext_noop("When it begins"),
            "end": gettext_noop("When it ends"), "after": gettext_noop("After it has ended"),
        }},
    )  # fmt: skip
    amount: int = Field(1, ge=0, le=1000, title=gettext_noop("How many"))
    unit: Literal["minutes", "hours", "days"] = Field(
        "days", title=gettext_noop("Counted in"),
        json_schema_extra={"labels": {
            "minutes": gettext_noop("Minutes"), "hours": gettext_noop("Hours"), "days": gettext_noop("Days"),
        }},
    )  # fmt: skip

    @property
    def span(self) -> timedelta:
        return timedelta(**{self.unit: self.amount})

    @property
    def seconds(self) -> int:
        """How long after the begin or the end; negative for before."""
        sign = {"before": -1, "after": 1}.get(self.when, 0)
        return sign * int(self.span.total_seconds())

    @property
    def from_end(self) -> bool:
        return self.when in ("end", "after")

    def run(self, ctx: RunContext) -> Outcome:
        appointment = appointment_of(ctx)
        was_out = str(ctx.event.data.get("status")) in OUT
        if appointment.is_out and not was_out:
            return Stop(waits.fell_through(appointment))
        at = self.moment(appointment)
        if at <= ctx.now:
            return Done(_("That moment has passed; went on at once."))
        RunWait.objects.update_or_create(
            run=ctx.run, uid=ctx.node.uid,
            defaults={"appointment": appointment, "seconds": self.seconds, "from_end": self.from_end,
                      "was_out": was_out},
        )  # fmt: skip
        return Wait(at, _until(at))

    def woken(self, ctx: RunContext) -> Outcome | None:
        """The appointment as it stands now decides: it may have been moved at this very moment."""
        marks = RunWait.objects.filter(run=ctx.run, uid=ctx.node.uid)
        try:
            outcome = self.run(ctx)
        except Gone as gone:
            outcome = Stop(str(gone))
        if not isinstance(outcome, Wait):
            marks.delete()
        return None if isinstance(outcome, Done) else outcome

    def preview(self, ctx: RunContext) -> str:
        words = {"span": span_in_words(self.span)}
        return {
            "before": _("Waits until %(span)s before the appointment.") % words,
            "start": _("Waits until the appointment begins."),
            "end": _("Waits until the appointment ends."),
            "after": _("Waits until %(span)s after the appointment.") % words,
        }[self.when]

    def simulate(self, ctx: RunContext) -> Outcome:
        number = number_of(ctx)
        found = Appointment.objects.filter(pk=number).first() if number is not None else None
        if found is None:
            return Done(self.preview(ctx))
        at = self.moment(found)
        return Wait(at, _until(at)) if at > ctx.now else Done(_("That moment has passed; went on at once."))

    def moment(self, appointment: Appointment) -> datetime:
        return waits.moment(appointment, self.seconds, from_end=self.from_end)


def _until(at: datetime) -> str:
    return _("Waits until %(moment)s.") % {"moment": moments.exact(at)}
