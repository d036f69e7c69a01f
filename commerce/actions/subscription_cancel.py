"""Cancels the run's subscription."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from commerce import subscribing
from commerce.models import Subscription
from triggers.action_types import Action, Done, Fail, Outcome, Skip, action
from triggers.problems import Invalid
from triggers.run_context import Gone, RunContext


@action(
    "subscription.cancel",
    label=gettext_lazy("Cancel subscription"),
    section="Payments",
    may_cause=("subscription.status_changed",),
    needs=("commerce.change_subscription",),
)
class SubscriptionCancel(Action):
    """Cancels the subscription that the run is about, or else the contact's latest that still runs.

    One that another system bills is cancelled there: the action fails and says so.
    """

    at_period_end: bool = Field(True, title=gettext_noop("Let it run until what is paid is over"))

    def run(self, ctx: RunContext) -> Outcome:
        found = self._found(ctx)
        if found is None:
            return Skip(_("No subscription runs."))
        try:
            news = subscribing.cancel(found, at_period_end=self.at_period_end, now=ctx.now)
        except Invalid as error:
            return Fail(" ".join(problem.message for problem in error.problems))
        words = {"name": found}
        return Done((_("Cancelled “%(name)s”.") if news else _("“%(name)s” was cancelled already.")) % words)

    def preview(self, ctx: RunContext) -> str:
        found = self._found(ctx)
        return _("Cancels “%(name)s”.") % {"name": found} if found else _("No subscription runs.")

    def _found(self, ctx: RunContext) -> Subscription | None:
        rows = Subscription.objects.exclude(status__in=Subscription.ENDED)
        pk = ctx.object_id("subscription")
        if pk is None and ctx.contact_id is None:
            raise Gone(_("This run has no contact. Find or create one earlier in the workflow."))
        rows = rows.filter(pk=pk) if pk is not None else rows.filter(contact=ctx.contact_id, canceled_at=None)
        found: Subscription | None = rows.order_by("-pk").first()
        return found
