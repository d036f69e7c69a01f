"""Waits for something to happen, at most so long."""

from datetime import timedelta
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field, model_validator

from triggers import registry
from triggers.action_types import Action, Outcome, Wait, action
from triggers.actions.wait_duration import span_in_words
from triggers.problems import Problem
from triggers.run_context import RunContext
from triggers.wording.words import event_label


@action(
    "wait.for_event", label=gettext_lazy("Wait for"), section="Flow", touches="flow",
    outcomes=("happened", "timeout"),
)  # fmt: skip
class WaitForEvent(Action):
    """Waits until an event of the run's contact comes that meets the conditions, or the time is up.

    An event counts when it came after the one the run last heard, also when that was before the wait began.
    """

    event: str = Field(title=gettext_noop("Which event"))
    conditions: dict[str, Any] | None = Field(None, title=gettext_noop("Only an event for which"))
    minutes: int = Field(0, ge=0, le=100_000, title=gettext_noop("Minutes at most"))
    hours: int = Field(0, ge=0, le=10_000, title=gettext_noop("Hours at most"))
    days: int = Field(0, ge=0, le=3650, title=gettext_noop("Days at most"))

    @model_validator(mode="after")
    def _timeout(self) -> Self:
        if not self.span:
            raise ValueError(_("Say how long to wait at most, for example 2 days."))
        return self

    @property
    def span(self) -> timedelta:
        return timedelta(minutes=self.minutes, hours=self.hours, days=self.days)

    def problems(self, uid: str) -> list[Problem]:
        kind = registry.events.get(self.event)
        if kind is None:
            return [Problem(("event",), _("There is no event “%(key)s”.") % {"key": self.event})]
        if "contact_id" not in kind.model_fields:
            return [Problem(("event",), _("This event is about no contact, so a run cannot wait for it."))]
        return []

    def run(self, ctx: RunContext) -> Outcome:
        ctx.require_contact()
        return Wait(ctx.now + self.span, self.preview(ctx), event=self.event)

    def preview(self, ctx: RunContext) -> str:
        words = {"event": event_label(self.event), "span": span_in_words(self.span)}
        return _("Waits for “%(event)s”, %(span)s at most.") % words

    def simulate(self, ctx: RunContext) -> Outcome:
        return Wait(ctx.now + self.span, self.preview(ctx), event=self.event)
