"""Waits until a moment: a date, a date field with an offset, or the next weekday and time."""

from datetime import UTC, datetime, timedelta
from datetime import date as Day
from typing import Literal, Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, model_validator

from triggers.action_types import Action, Done, Outcome, Wait, action
from triggers.run_context import RunContext
from triggers.running.windows import local
from triggers.workflows.document import CLOCK


@action("wait.until", label=gettext_lazy("Wait until"), section="Flow", touches="flow")
class WaitUntil(Action):
    """Waits until a date, until so long before or after a date field, or until the next weekday and time.

    A moment that has passed already does not wait. Times are local to the workflow's time zone.
    """

    date: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$", title=gettext_noop("Date"))
    field: str | None = Field(
        None, json_schema_extra={"source": "date of contact"}, title=gettext_noop("Date of the contact")
    )
    offset_days: int = Field(0, ge=0, le=3650, title=gettext_noop("Days before or after it"))
    direction: Literal["before", "after"] = Field(
        "after",
        title=gettext_noop("Before or after"),
        json_schema_extra={"labels": {"before": gettext_noop("Before"), "after": gettext_noop("After")}},
    )
    weekdays: list[int] = Field([], title=gettext_noop("On the next of these days"))
    at: str | None = Field(None, pattern=CLOCK, title=gettext_noop("At"))

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if sum(bool(way) for way in (self.date, self.field, self.weekdays or (self.at and not self.date))) == 0:
            raise ValueError(_("Say until when: a date, a date field, weekdays, or a time."))
        if self.date and self.field:
            raise ValueError(_("Say either a date or a date field."))
        if self.date:
            try:
                Day.fromisoformat(self.date)
            except ValueError:
                raise ValueError(_("There is no such date; enter one such as 2026-12-24.")) from None
        if not all(1 <= day <= 7 for day in self.weekdays):
            raise ValueError(_("Weekdays are numbers from 1 (Monday) to 7 (Sunday)."))
        return self

    def run(self, ctx: RunContext) -> Outcome:
        moment = self.moment(ctx)
        if moment is None:
            return Done(_("“%(field)s” is empty; went on at once.") % {"field": self.field})
        if moment <= ctx.now:
            return Done(_("That moment has passed; went on at once."))
        return Wait(moment, _("Waits until %(moment)s.") % {"moment": _shown(moment, ctx)})

    def preview(self, ctx: RunContext) -> str:
        outcome = self.run(ctx)
        assert isinstance(outcome, Done | Wait)
        return outcome.summary

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)

    def moment(self, ctx: RunContext) -> datetime | None:
        """The moment to wait for; None where the field is empty."""
        if self.field:
            value = ctx.facts.get(self.field)
            return self._from(value, ctx) if isinstance(value, Day) else None
        if self.date:
            return local(Day.fromisoformat(self.date), self.at or "00:00", ctx.zone)
        return self._next(ctx)

    def _from(self, value: Day, ctx: RunContext) -> datetime:
        days = timedelta(days=self.offset_days if self.direction == "after" else -self.offset_days)
        if isinstance(value, datetime) and self.at is None:
            return (value if value.tzinfo else value.replace(tzinfo=UTC)) + days
        day = value.astimezone(ctx.zone).date() if isinstance(value, datetime) else value
        return local(day + days, self.at or "00:00", ctx.zone)

    def _next(self, ctx: RunContext) -> datetime:
        today = ctx.now.astimezone(ctx.zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(8))
        wanted = self.weekdays or range(1, 8)
        moments = (local(day, self.at or "00:00", ctx.zone) for day in days if day.isoweekday() in wanted)
        return next(moment for moment in moments if moment > ctx.now)


def _shown(moment: datetime, ctx: RunContext) -> str:
    local = moment.astimezone(ctx.zone)
    return f"{date_format(local, 'D')} {date_format(local, 'SHORT_DATETIME_FORMAT')}"
