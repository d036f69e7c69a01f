"""Deletes the run's opportunity."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pipelines.deals.run_deal import deal_of
from triggers.action_types import Action, Done, Outcome, action
from triggers.run_context import RunContext


@action(
    "opportunity.delete",
    label=gettext_lazy("Delete opportunity"),
    section="Opportunities",
    needs=("pipelines.delete_opportunity",),
)
class OpportunityDelete(Action):
    """Deletes the run's opportunity for good; what happened with it stays in the contact's history."""

    def run(self, ctx: RunContext) -> Outcome:
        deal = deal_of(ctx)
        name, pk = str(deal), deal.pk
        deal.delete()
        return Done(_("Deleted “%(deal)s”.") % {"deal": name}, {"opportunity_id": pk})

    def preview(self, ctx: RunContext) -> str:
        return _("Deletes the opportunity.")
