"""Waits for a span of time."""

from datetime import timedelta
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from pydantic import Field, model_validator

from triggers.action_types import Action, Outcome, Wait, action
from triggers.run_context import RunContext


@action("wait.duration", label=gettext_lazy("Wait"), section="Flow", touches="flow")
class WaitDuration(Action):
    """Waits seconds, minutes, hours, days or weeks, then goes on."""

    seconds: int = Field(0, ge=0, le=86_400, title=gettext_noop("Seconds"))
    minutes: int = Field(0, ge=0, le=100_000, title=gettext_noop("Minutes"))
    hours: int = Field(0, ge=0, le=10_000, title=gettext_noop("Hours"))
    days: int = Field(0, ge=0, le=3650, title=gettext_noop("Days"))
    weeks: int = Field(0, ge=0, le=520, title=gettext_noop("Weeks"))

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.span:
            raise ValueError(_("Say how long to wait, for example 2 days."))
        return self

    @property
    def span(self) -> timedelta:
        return timedelta(seconds=self.seconds, minutes=self.minutes, hours=self.hours, days=self.days, weeks=self.weeks)

    def run(self, ctx: RunContext) -> Outcome:
        return Wait(ctx.now + self.span, self.preview(ctx))

    def preview(self, ctx: RunContext) -> str:
        return _("Waits %(span)s.") % {"span": span_in_words(self.span)}

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)


def span_in_words(span: timedelta) -> str:
    """A span as a person says it: "2 days 3 hours"."""
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        ngettext("%d day", "%d days", span.days) % span.days if span.days else "",
        ngettext("%d hour", "%d hours", hours) % hours if hours else "",
        ngettext("%d minute", "%d minutes", minutes) % minutes if minutes else "",
        ngettext("%d second", "%d seconds", seconds) % seconds if seconds else "",
    ]
    return " ".join(part for part in parts if part)
