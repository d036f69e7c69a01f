"""Starts another workflow for the same contact, with all that this run knows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from triggers.action_types import Action, Done, Fail, Outcome, Skip, action
from triggers.models.workflow import Workflow
from triggers.problems import Problem
from triggers.run_context import RunContext
from triggers.services import start_child


@action("workflow.start", label=gettext_lazy("Start another workflow"), section="Flow", touches="flow")
class WorkflowStart(Action):
    """Starts a live workflow for this run's contact; it gets the variables, and knows its parent."""

    workflow: str = Field(title=gettext_noop("Which workflow"))

    def problems(self, uid: str) -> list[Problem]:
        if not Workflow.objects.filter(slug=self.workflow).exists():
            return [Problem(("workflow",), _("There is no workflow “%(slug)s”.") % {"slug": self.workflow})]
        return []

    def run(self, ctx: RunContext) -> Outcome:
        target = Workflow.objects.filter(slug=self.workflow).first()
        if target is None or target.status != Workflow.Status.LIVE:
            return Fail(_("“%(slug)s” is not live.") % {"slug": self.workflow})
        child, refused = start_child(target, ctx.run, ctx.key, ctx.now)
        if child is None:
            return Skip(refused)
        return Done(self.preview(ctx), {"run_id": child.pk})

    def preview(self, ctx: RunContext) -> str:
        return _("Starts “%(slug)s”.") % {"slug": self.workflow}
