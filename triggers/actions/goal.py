"""A point that runs jump ahead to as soon as something has happened."""

from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers import registry
from triggers.action_types import Action, Done, Outcome, Stop, action
from triggers.problems import Problem
from triggers.run_context import RunContext
from triggers.wording.words import event_label


@action("goal", label=gettext_lazy("Goal"), section="Flow", touches="flow")
class Goal(Action):
    """When the event comes, the run leaves what it was doing and goes on here.

    A run that gets here by itself goes on, or ends, as `if_not_reached` says.
    """

    event: str = Field(title=gettext_noop("Which event"))
    conditions: dict[str, Any] | None = Field(None, title=gettext_noop("Only an event for which"))
    if_not_reached: Literal["continue", "end"] = Field(
        "continue",
        title=gettext_noop("If the run gets here before it"),
        json_schema_extra={"labels": {"continue": gettext_noop("Go on"), "end": gettext_noop("End the run")}},
    )

    def problems(self, uid: str) -> list[Problem]:
        kind = registry.events.get(self.event)
        if kind is None:
            return [Problem(("event",), _("There is no event “%(key)s”.") % {"key": self.event})]
        if "contact_id" not in kind.model_fields:
            return [Problem(("event",), _("This event is about no contact, so it can be no goal."))]
        return []

    def run(self, ctx: RunContext) -> Outcome:
        if self.if_not_reached == "end":
            return Stop(_("The goal was not reached."))
        return Done(_("Passed without being reached."))

    def preview(self, ctx: RunContext) -> str:
        return _("Goal: “%(event)s”.") % {"event": event_label(self.event)}

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)
