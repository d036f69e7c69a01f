"""Enrols the contact in a campaign."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import Field

from affiliates import enrolling
from affiliates.keys import CampaignNumber
from affiliates.models import Campaign
from contacts.run_contact import contact_of
from triggers.action_types import Action, Done, Fail, Outcome, action
from triggers.run_context import RunContext


@action(
    "affiliate.enrol",
    label=gettext_lazy("Enrol in a campaign"),
    section="Affiliates",
    may_cause=("affiliate.created", "affiliate.campaign_enrolled"),
    adopts=("affiliate_enrolment",),
    needs=("affiliates.add_affiliate", "affiliates.add_enrolment"),
)
class AffiliateEnrol(Action):
    """Enrols the contact in a campaign, as an affiliate: who is none yet becomes an active one. The run goes on with it.

    A campaign that is closed is closed to people who sign up by themselves, not to workflows.
    """

    campaign: CampaignNumber = Field(
        title=gettext_noop("Which campaign"), examples=[1], json_schema_extra={"source": "affiliate campaign"}
    )

    def run(self, ctx: RunContext) -> Outcome:
        campaign = Campaign.objects.filter(pk=self.campaign).first()
        if campaign is None:
            return Fail(_("The campaign was deleted. Choose another."))
        affiliate, _made = enrolling.make(contact_of(ctx))
        enrolment, is_new = enrolling.enrol(affiliate, campaign)
        ctx.adopt("affiliate_enrolment", enrolment.pk)
        said = _("Enrolled in %(campaign)s.") if is_new else _("Was enrolled in %(campaign)s already.")
        told = {"affiliate_id": affiliate.pk, "affiliate_enrolment_id": enrolment.pk, "link": enrolment.referral_link}
        return Done(said % {"campaign": campaign}, told)

    def preview(self, ctx: RunContext) -> str:
        campaign = Campaign.objects.filter(pk=self.campaign).first()
        if campaign is None:
            return _("The campaign was deleted. Choose another.")
        return _("Enrols the contact in %(campaign)s.") % {"campaign": campaign}
