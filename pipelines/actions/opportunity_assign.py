"""Gives the run's opportunity an owner."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.actions.contact_assign import ContactAssign
from pipelines import services
from pipelines.deals.run_deal import deal_of
from triggers.action_types import Done, Outcome, Skip, action
from triggers.run_context import RunContext


@action(
    "opportunity.assign",
    label=gettext_lazy("Assign opportunity"),
    section="Opportunities",
    may_cause=("opportunity.changed",),
    needs=("pipelines.change_opportunity",),
)
class OpportunityAssign(ContactAssign):
    """Assigns the run's opportunity to one user, to several in turn (by weight), or to the least busy of several.

    Least busy is who has fewest open tasks. With `skip_absent`, users who are inactive or away today are passed over.
    With `only_if_unassigned` a deal that has an owner keeps it.
    """

    def run(self, ctx: RunContext) -> Outcome:
        deal = deal_of(ctx)
        if self.only_if_unassigned and deal.owner is not None:
            return Skip(_("The opportunity has an owner: %(user)s.") % {"user": deal.owner})
        chosen = self._choose(ctx)
        if chosen is None:
            return Skip(_("Nobody to assign: every user named is absent or gone."))
        before = deal.owner.get_username() if deal.owner else None
        result = {"old": before, "new": chosen.get_username()}
        if services.assign(deal, chosen):
            return Done(_("Assigned to %(user)s.") % {"user": chosen}, result)
        return Done(_("It was %(user)s's already.") % {"user": chosen}, result)

    def preview(self, ctx: RunContext) -> str:
        names = {"users": ", ".join(self._names())}
        if self.how == "round_robin":
            return _("Assigns the opportunity to the next in turn of %(users)s.") % names
        if self.how == "least_busy":
            return _("Assigns the opportunity to the least busy of %(users)s.") % names
        return _("Assigns the opportunity to %(users)s.") % names
