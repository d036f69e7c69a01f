"""Finds an opportunity of the contact, for runs that have none yet or shall go on with another."""

from typing import Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from pipelines.deals import cleaning
from pipelines.deals.run_deal import NAMESPACE, latest, place_problems, refusal
from pipelines.deals.telling import Status
from pipelines.keys import PipelineNamed
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.problems import Problem
from triggers.run_context import RunContext


@action(
    "opportunity.find",
    label=gettext_lazy("Find opportunity"),
    section="Opportunities",
    outcomes=("found", "not_found"),
    texts=("name",),
    adopts=(NAMESPACE,),
    needs=("pipelines.view_opportunity",),
)
class OpportunityFind(Action):
    """Finds the newest, or oldest, opportunity of the run's contact; from there on the run is about that one.

    Everything given has to fit: the pipeline, the status (open ones unless others are named), and the name.
    """

    pipeline: PipelineNamed = Field("", title=gettext_noop("Pipeline"))
    statuses: list[Status] = Field(default=["open"], title=gettext_noop("In these states"))
    name: str = Field("", title=gettext_noop("Name"))
    which: Literal["newest", "oldest"] = Field(
        "newest",
        title=gettext_noop("Of several"),
        json_schema_extra={"labels": {"newest": gettext_noop("The newest"), "oldest": gettext_noop("The oldest")}},
    )

    def problems(self, uid: str) -> list[Problem]:
        return place_problems(self.pipeline, "")

    def run(self, ctx: RunContext) -> Outcome:
        contact_id, name = ctx.require_contact(), ctx.render_line(self.name)
        if self.name and not name:
            return Done(_("Not found: the name to look for is empty."), outcome="not_found")
        try:
            pipeline = cleaning.FIELDS["pipeline"](self.pipeline)
        except ValidationError as error:
            return Fail(refusal(error))
        found = latest(contact_id, pipeline, name=name, statuses=self.statuses, oldest=self.which == "oldest")
        if found is None:
            return Done(_("The contact has no such opportunity."), outcome="not_found")
        ctx.adopt(NAMESPACE, found.pk)
        return Done(_("Found “%(deal)s”.") % {"deal": found}, {"opportunity_id": found.pk}, "found")

    def preview(self, ctx: RunContext) -> str:
        if self.which == "oldest":
            return _("Finds the contact's oldest opportunity that fits.")
        return _("Finds the contact's newest opportunity that fits.")

    def simulate(self, ctx: RunContext) -> Outcome:
        return self.run(ctx)
