"""Books an appointment for the contact."""

from datetime import datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from appointments import recurring, services, slots
from appointments.keys import CalendarNumber
from appointments.models import Appointment, Calendar
from appointments.run_appointment import NAMESPACE
from contacts.assignment import by_username
from contacts.run_contact import contact_of, refusal
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.problems import Problem
from triggers.run_context import Gone, RunContext
from triggers.wording import moments


@action(
    "appointment.create", label=gettext_lazy("Book an appointment"), section="Appointments",
    may_cause=("appointment.status_changed",), outcomes=("booked", "no_slot"), texts=("at", "title", "notes"),
    adopts=(NAMESPACE,), needs=("appointments.add_appointment",),
)  # fmt: skip
class AppointmentCreate(Action):
    """Books an appointment for the run's contact; the run goes on with it.

    At a time, fixed or from a merge field, or at the first free one. A time without a zone is local to the workflow's
    zone. Where the calendar is not free then, the outcome is `no_slot`. With `override` it is booked outside of opening
    hours too; a member is never booked twice.
    """

    calendar: CalendarNumber = Field(title=gettext_noop("Calendar"))
    at: str = Field("", title=gettext_noop("When; empty means the first free time"), examples=["2026-06-09T10:00"])
    member: str = Field("", title=gettext_noop("Kept by; empty means whose turn it is"),
                        json_schema_extra={"source": "username"})  # fmt: skip
    title: str = Field("", title=gettext_noop("Title; empty means calendar and contact"))
    notes: str = Field("", title=gettext_noop("Notes"))
    status: Literal["", "new", "confirmed"] = Field(
        "", title=gettext_noop("Status"),
        json_schema_extra={"labels": {
            "": gettext_noop("As the calendar says"), "new": gettext_noop("New"),
            "confirmed": gettext_noop("Confirmed"),
        }},
    )  # fmt: skip
    override: bool = Field(False, title=gettext_noop("Also outside of opening hours"))

    def problems(self, uid: str) -> list[Problem]:
        if self.member and self.member not in by_username([self.member]):
            return [Problem(("member",), _("There is no user “%(user)s”.") % {"user": self.member})]
        return []

    def run(self, ctx: RunContext) -> Outcome:
        contact, calendar = contact_of(ctx), self._calendar()
        try:
            start = self._start(ctx, calendar)
            if start is None:
                return Done(_("No time is free."), outcome="no_slot")
            with transaction.atomic():
                made = services.book(services.Asked(
                    calendar, contact, start, source=Appointment.Source.WORKFLOW,
                    user=by_username([self.member]).get(self.member), title=ctx.render_line(self.title),
                    notes=ctx.render(self.notes), status=self.status, override=self.override,
                ), ctx.now)  # fmt: skip
        except services.NotFree as error:
            return Done(refusal(error, str), outcome="no_slot")
        except ValidationError as error:
            return Fail(refusal(error, str))
        ctx.adopt(NAMESPACE, made.pk)
        words = {"title": made, "moment": moments.exact(made.start_at)}
        return Done(_("Booked “%(title)s” for %(moment)s.") % words, {"appointment_id": made.pk}, "booked")

    def preview(self, ctx: RunContext) -> str:
        words = {"calendar": Calendar.objects.filter(pk=self.calendar).first() or self.calendar, "at": self.at}
        if self.at:
            return _("Books an appointment in %(calendar)s at %(at)s.") % words
        return _("Books the first free time in %(calendar)s.") % words

    def simulate(self, ctx: RunContext) -> Outcome:
        return Done(self.preview(ctx), outcome="booked")

    def _calendar(self) -> Calendar:
        found = Calendar.objects.filter(pk=self.calendar).first()
        if found is None:
            raise Gone(_("The calendar was deleted."))
        return found

    def _start(self, ctx: RunContext, calendar: Calendar) -> datetime | None:
        """The moment asked for; None where it is the first free one, and there is none. Raises ValidationError."""
        given = ctx.render_line(self.at).strip()
        if given:
            return self._moment(given, ctx)
        found = slots.free(calendar, ctx.now, ctx.now + slots.LONGEST, ctx.now)
        return found[0].start if found else None

    def _moment(self, given: str, ctx: RunContext) -> datetime:
        try:
            found = parse_datetime(given)
        except ValueError:
            found = None
        if found is None:
            raise ValidationError({"at": _("“%(at)s” is no moment such as 2026-06-09T10:00.") % {"at": given[:40]}})
        return recurring.made_aware(found, ctx.zone, "at") if timezone.is_naive(found) else found
