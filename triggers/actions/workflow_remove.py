"""Ends the contact's other runs."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Done, Outcome, action
from triggers.models.run import Run
from triggers.run_context import RunContext
from triggers.running.stopping import cancel


@action("workflow.remove", label=gettext_lazy("Take out of workflows"), section="Flow", touches="flow")
class WorkflowRemove(Action):
    """Ends the contact's active runs of the named workflow, or of all workflows but this one."""

    workflow: str | None = Field(None, title=gettext_noop("Which workflow; empty means every other"))

    def run(self, ctx: RunContext) -> Outcome:
        runs = Run.objects.filter(contact_id=ctx.require_contact()).exclude(pk=ctx.run.pk)
        if self.workflow:
            runs = runs.filter(workflow__slug=self.workflow)
        reason = _("Taken out by run %(id)s.") % {"id": ctx.run.pk}
        stopped = cancel(runs, reason, ctx.now)
        return Done(_("Ended %(n)d runs.") % {"n": stopped}, {"stopped": stopped})

    def preview(self, ctx: RunContext) -> str:
        if self.workflow:
            return _("Ends the contact's runs of “%(slug)s”.") % {"slug": self.workflow}
        return _("Ends all other runs of the contact.")
