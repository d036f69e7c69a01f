"""Makes an opportunity for the contact."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts.run_contact import contact_of
from pipelines import services
from pipelines.deals import cleaning
from pipelines.deals.run_deal import NAMESPACE, computed, latest, place_problems, refusal, value_problems
from pipelines.keys import PipelineNamed, StageNamed
from pipelines.models import Opportunity
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.problems import Problem
from triggers.run_context import RunContext


@action(
    "opportunity.create",
    label=gettext_lazy("Create opportunity"),
    section="Opportunities",
    may_cause=("opportunity.created",),
    outcomes=("created", "found"),
    texts=("values",),
    adopts=(NAMESPACE,),
    needs=("pipelines.add_opportunity",),
)
class OpportunityCreate(Action):
    """Creates an opportunity for the run's contact; the run goes on with it.

    Pipeline and stage are names or numbers; without a stage it begins in the first. What comes out empty of `values`
    is left out. Unless duplicates are allowed, a contact with an open deal in the pipeline keeps that one, and the run
    goes on with it.
    """

    pipeline: PipelineNamed = Field(examples=["Kitchens"], title=gettext_noop("Pipeline"))
    stage: StageNamed = Field("", title=gettext_noop("Stage"))
    values: dict[str, Any] = Field(
        {}, max_length=50, examples=[{"name": "Kitchen for {{ contact.name }}"}], title=gettext_noop("Fields")
    )
    allow_duplicates: bool = Field(False, title=gettext_noop("Also where an open one is there already"))

    def problems(self, uid: str) -> list[Problem]:
        return place_problems(self.pipeline, self.stage) + value_problems(self.values, ("values",))

    def run(self, ctx: RunContext) -> Outcome:
        contact = contact_of(ctx)
        try:
            found = self._found(contact.pk)
            if found is not None:
                ctx.adopt(NAMESPACE, found.pk)
                told = _("There is “%(deal)s” already; duplicates are not allowed.") % {"deal": found}
                return Done(told, {"opportunity_id": found.pk}, "found")
            place = {"pipeline": self.pipeline, **({"stage": self.stage} if self.stage else {})}
            with transaction.atomic():
                made = services.create({**computed(ctx, self.values), **place, "contact": contact}, ctx.now)
        except ValidationError as error:
            return Fail(refusal(error))
        ctx.adopt(NAMESPACE, made.pk)
        words = {"deal": made, "stage": made.stage}
        return Done(_("Created “%(deal)s” in %(stage)s.") % words, {"opportunity_id": made.pk}, "created")

    def preview(self, ctx: RunContext) -> str:
        words = {"name": computed(ctx, self.values).get("name", ""), "pipeline": self.pipeline}
        if words["name"]:
            return _("Creates “%(name)s” in %(pipeline)s.") % words
        return _("Creates an opportunity in %(pipeline)s.") % words

    def simulate(self, ctx: RunContext) -> Outcome:
        try:
            found = self._found(ctx.contact_id) if ctx.contact_id else None
        except ValidationError as error:
            return Fail(refusal(error))
        if found is None:
            return Done(self.preview(ctx), outcome="created")
        ctx.adopt(NAMESPACE, found.pk)
        return Done(_("Goes on with “%(deal)s”.") % {"deal": found}, {"opportunity_id": found.pk}, "found")

    def _found(self, contact_id: int) -> Opportunity | None:
        """The open deal that stands in the way of another. Raises ValidationError."""
        if self.allow_duplicates:
            return None
        return latest(contact_id, cleaning.FIELDS["pipeline"](self.pipeline))
