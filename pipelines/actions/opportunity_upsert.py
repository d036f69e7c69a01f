"""Makes an opportunity for the contact, or updates the one it has."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from contacts.run_contact import contact_of
from pipelines import services
from pipelines.deals import cleaning
from pipelines.deals.run_deal import NAMESPACE, computed, labels, latest, place_problems, refusal, value_problems
from pipelines.keys import PipelineNamed, StageNamed
from pipelines.models import Opportunity
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.problems import Problem
from triggers.run_context import RunContext


@action(
    "opportunity.upsert",
    label=gettext_lazy("Create or update opportunity"),
    section="Opportunities",
    may_cause=(
        "opportunity.created", "opportunity.changed", "opportunity.stage_changed", "opportunity.status_changed",
    ),
    outcomes=("created", "updated"),
    texts=("values",),
    adopts=(NAMESPACE,),
    needs=("pipelines.add_opportunity", "pipelines.change_opportunity"),
)  # fmt: skip
class OpportunityUpsert(Action):
    """Updates the contact's newest open deal in the pipeline, or creates one; the run goes on with it.

    With `by_name` only a deal of the same name counts. A deal that is further than `stage` stays where it is unless
    going back is allowed.
    """

    pipeline: PipelineNamed = Field(examples=["Kitchens"], title=gettext_noop("Pipeline"))
    stage: StageNamed = Field("", title=gettext_noop("Stage"))
    values: dict[str, Any] = Field(
        {}, max_length=50, examples=[{"name": "Kitchen for {{ contact.name }}"}], title=gettext_noop("Fields")
    )
    by_name: bool = Field(False, title=gettext_noop("Only one of the same name counts as found"))
    allow_back: bool = Field(False, title=gettext_noop("Also back to an earlier stage"))

    def problems(self, uid: str) -> list[Problem]:
        found = place_problems(self.pipeline, self.stage) + value_problems(self.values, ("values",))
        if self.by_name and "name" not in self.values:
            found.append(Problem(("by_name",), _("Give a name to find the opportunity by.")))
        return found

    def run(self, ctx: RunContext) -> Outcome:
        contact, values = contact_of(ctx), computed(ctx, self.values)
        try:
            with transaction.atomic():
                return self._written(ctx, contact, values)
        except ValidationError as error:
            return Fail(refusal(error))

    def preview(self, ctx: RunContext) -> str:
        words = {"pipeline": self.pipeline, "fields": labels(self.values) or _("nothing else")}
        return _("Creates an opportunity in %(pipeline)s, or updates the open one: %(fields)s.") % words

    def _written(self, ctx: RunContext, contact: Any, values: dict[str, Any]) -> Outcome:
        place = {"pipeline": self.pipeline, **({"stage": self.stage} if self.stage else {})}
        found = self._found(contact.pk, values)
        if found is None:
            made = services.create({**values, **place, "contact": contact}, ctx.now)
            ctx.adopt(NAMESPACE, made.pk)
            return Done(_("Created “%(deal)s”.") % {"deal": made}, {"opportunity_id": made.pk}, "created")
        changes: dict[str, Any] = {}
        if self.stage:
            target = cleaning.clean({**place, "pipeline": found.pipeline}, found)["stage"]
            if self.allow_back or target.place >= found.stage.place:
                changes = services.move(found, target, now=ctx.now)
        changes |= services.update(found, values, ctx.now)
        ctx.adopt(NAMESPACE, found.pk)
        told = _("Changed “%(deal)s”: %(fields)s.") if changes else _("“%(deal)s” was so already.")
        words = {"deal": found, "fields": labels(changes)}
        return Done(told % words, {"opportunity_id": found.pk, "changes": changes}, "updated")

    def _found(self, contact_id: int, values: dict[str, Any]) -> Opportunity | None:
        if self.by_name and not values.get("name"):
            return None
        name = str(values["name"]) if self.by_name else ""
        return latest(contact_id, cleaning.FIELDS["pipeline"](self.pipeline), name=name)
