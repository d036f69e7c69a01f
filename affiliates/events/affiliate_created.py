"""A contact became an affiliate."""

from collections.abc import Sequence
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from affiliates.links import of_affiliate
from triggers.context import by_whom
from triggers.event_types import Created, Row, event


@event("affiliate.created", label=_("Affiliate created"), section="Affiliate Triggers")
class AffiliateCreated(Created, model="affiliates.Affiliate"):
    """A contact became an affiliate, by signing up, by hand, workflow or integration. `by` says who did it.

    The referral link leads to the first campaign that the affiliate is enrolled in; until then it leads nowhere.
    """

    affiliate_id: int
    contact_id: int | None
    code: str
    status: Literal["pending", "active", "paused", "rejected"]
    referral_link: str
    by: str

    @classmethod
    def extras(cls, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        who = by_whom()
        return {row.pk: {"referral_link": of_affiliate(row.after["code"]), "by": who} for row in rows}
