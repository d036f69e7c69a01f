"""Completes a step for the lead."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from pipelines.keys import StepNumber
from pipelines.maps import run_journey, verbs
from pipelines.models import Step
from triggers.action_types import Action, Fail, Outcome, Skip, action
from triggers.run_context import RunContext


@action(
    "step.complete",
    label=gettext_lazy("Complete a step"),
    section="Maps",
    may_cause=("step.closed", "track.closed", "track.opened", "step.opened", "contact.changed"),
    texts=("value",),
    needs=("pipelines.change_journey",),
)
class StepComplete(Action):
    """Completes a step that is open for the lead, with a value where its control asks for one."""

    step: StepNumber = Field(title=gettext_noop("Which step"))
    value: str = Field("", title=gettext_noop("Answer"))

    def run(self, ctx: RunContext) -> Outcome:
        step = Step.objects.filter(pk=self.step).first()
        if step is None:
            return Fail(_("The step was deleted."))
        if run_journey.of(ctx) is None:
            return Skip(_("The lead is not in this map any more."))
        value: Any = ctx.render_line(self.value) or None
        return run_journey.outcome(
            partial(verbs.complete, ctx.require_contact(), step, value, "workflow", ctx.now), self.preview(ctx)
        )

    def preview(self, ctx: RunContext) -> str:
        name = Step.objects.filter(pk=self.step).values_list("name", flat=True).first()
        return _("Completes the step “%(step)s”.") % {"step": name or self.step}
