"""An affiliate was enrolled in a campaign."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from affiliates.keys import CampaignNumber
from affiliates.models import Enrolment
from triggers.context import by_whom
from triggers.event_types import Created, Options, Row, event
from triggers.narrowing import together


class Which(Options):
    """Which campaigns start it; none named means any."""

    campaigns: list[CampaignNumber] = Field(
        default=[], title=gettext_noop("Which campaign"), json_schema_extra={"source": "affiliate campaign"}
    )


@event("affiliate.campaign_enrolled", label=_("Affiliate enrolled in campaign"), section="Affiliate Triggers")
class AffiliateCampaignEnrolled(Created, model="affiliates.Enrolment"):
    """An affiliate was enrolled in a campaign, by signing up or by somebody else. Once for an affiliate and a campaign.

    Texts of the workflow that it starts may name `affiliate_enrolment`: the links, with the one to the affiliate's own
    page, and what was sold and earned by now.
    """

    Options = Which
    telling = ("campaign", "affiliate")

    affiliate_enrolment_id: int
    contact_id: int | None
    affiliate_id: int
    affiliate: str
    email: str
    phone: str
    code: str
    status: str
    campaign_id: int
    campaign: str
    referral_link: str
    by: str

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        found = Enrolment.objects.select_related("affiliate__contact", "campaign").in_bulk([row.pk for row in rows])
        return {pk: _told(enrolment) for pk, enrolment in found.items()}

    @classmethod
    def narrow(cls, options: Which) -> dict[str, Any] | None:
        return together(("campaign_id", "is_any_of", options.campaigns))


def _told(enrolment: Enrolment) -> dict[str, Any]:
    affiliate, person = enrolment.affiliate, enrolment.affiliate.contact
    return {
        "affiliate_enrolment_id": enrolment.pk, "contact_id": affiliate.contact_id, "affiliate": str(affiliate),
        "email": person.email if person else "", "phone": person.phone if person else "", "code": affiliate.code,
        "status": affiliate.status, "campaign": enrolment.campaign.name, "referral_link": enrolment.referral_link,
        "by": by_whom(),
    }  # fmt: skip
