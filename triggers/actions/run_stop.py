"""Ends this run here."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Outcome, Stop, action
from triggers.run_context import RunContext


@action("run.stop", label=gettext_lazy("End this run"), section="Flow", touches="flow")
class RunStop(Action):
    """Ends the run, as done."""

    reason: str = Field("", title=gettext_noop("Why, for the history"))

    def run(self, ctx: RunContext) -> Outcome:
        return Stop(self.reason or _("Ended by its own action."))

    def preview(self, ctx: RunContext) -> str:
        return _("Ends the run.")

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)
