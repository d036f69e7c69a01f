"""Moves the run's opportunity to a stage."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from pipelines import services
from pipelines.deals import cleaning
from pipelines.deals.run_deal import deal_of, place_problems, refusal
from pipelines.keys import PipelineNamed, StageNamed
from triggers.action_types import Action, Done, Fail, Outcome, Skip, action
from triggers.problems import Problem
from triggers.run_context import RunContext


@action(
    "opportunity.move",
    label=gettext_lazy("Move opportunity"),
    section="Opportunities",
    may_cause=("opportunity.stage_changed", "opportunity.status_changed", "opportunity.changed"),
    needs=("pipelines.change_opportunity",),
)
class OpportunityMove(Action):
    """Moves the run's opportunity to a stage; a stage before its own is left out unless going back is allowed.

    A stage that is named belongs to `pipeline`, without one to the deal's own. With `reopen` a closed deal is open
    again; otherwise it stays closed.
    """

    pipeline: PipelineNamed = Field("", title=gettext_noop("Pipeline"))
    stage: StageNamed = Field(examples=["Offer sent"], title=gettext_noop("To the stage"))
    allow_back: bool = Field(False, title=gettext_noop("Also back to an earlier stage"))
    reopen: bool = Field(False, title=gettext_noop("Open it again where it is closed"))

    def problems(self, uid: str) -> list[Problem]:
        if self.stage == "":
            return [Problem(("stage",), _("Choose a stage."))]
        # A name without a pipeline is looked up in the deal's own when it runs.
        alone = isinstance(self.stage, str) and self.pipeline == ""
        return [] if alone else place_problems(self.pipeline, self.stage)

    def run(self, ctx: RunContext) -> Outcome:
        deal = deal_of(ctx)
        before = deal.stage
        given = {"stage": self.stage, **({"pipeline": self.pipeline} if self.pipeline else {})}
        try:
            target = cleaning.clean(given, deal)["stage"]
            changes = services.move(deal, target, back=self.allow_back, reopen=self.reopen, now=ctx.now)
        except services.BackwardsError as error:
            return Skip(" ".join(error.messages))
        except ValidationError as error:
            return Fail(refusal(error))
        if not changes:
            return Done(_("It was in %(stage)s already.") % {"stage": target}, {"changes": {}})
        words = {"old": before, "new": target}
        return Done(_("Moved from %(old)s to %(new)s.") % words, {"changes": changes})

    def preview(self, ctx: RunContext) -> str:
        return _("Moves the opportunity to %(stage)s.") % {"stage": self.stage}
