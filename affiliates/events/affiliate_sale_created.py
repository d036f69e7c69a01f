"""A sale was credited to an affiliate."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from affiliates.keys import AffiliateNumber, CampaignNumber
from triggers.event_types import Happened, Options, event
from triggers.narrowing import together

About = Literal["buyer", "affiliate"]
PayoutMethod = Literal["none", "given", "verified"]
TaxForm = Literal["missing", "received", "approved"]


class SaleOptions(Options):
    """Which sales start it, and about whom the run then is; what is left empty means any."""

    about: About = Field(
        default="buyer",
        title=gettext_noop("The run is about"),
        json_schema_extra={"labels": {"buyer": gettext_noop("the buyer"), "affiliate": gettext_noop("the affiliate")}},
    )
    affiliates: list[AffiliateNumber] = Field(
        default=[], title=gettext_noop("Which affiliate"), json_schema_extra={"source": "affiliate"}
    )
    campaigns: list[CampaignNumber] = Field(
        default=[], title=gettext_noop("Which campaign"), json_schema_extra={"source": "affiliate campaign"}
    )
    payout_methods: list[PayoutMethod] = Field(
        default=[],
        title=gettext_noop("Payout method of the affiliate"),
        json_schema_extra={
            "labels": {
                "none": gettext_noop("Not given yet"),
                "given": gettext_noop("Given"),
                "verified": gettext_noop("Verified"),
            }
        },
    )
    tax_forms: list[TaxForm] = Field(
        default=[],
        title=gettext_noop("Tax form of the affiliate"),
        json_schema_extra={
            "labels": {
                "missing": gettext_noop("Missing"),
                "received": gettext_noop("Received"),
                "approved": gettext_noop("Approved"),
            }
        },
    )


@event("affiliate.sale_created", label=_("New affiliate sale"), section="Affiliate Triggers")
class AffiliateSaleCreated(Happened):
    """A sale was credited to an affiliate: bought once, renewed, or entered by hand. Each is told once.

    A trigger says whether its runs are about the buyer or about the affiliate. `commission` is 0 where it earns nothing.
    """

    Options = SaleOptions

    sale_id: int
    contact_id: int | None
    about: About = "buyer"
    affiliate_id: int
    affiliate: str = ""
    affiliate_code: str
    affiliate_email: str = ""
    affiliate_enrolment_id: int
    campaign_id: int
    campaign: str = ""
    buyer_id: int | None = None
    buyer: str = ""
    kind: Literal["one_off", "recurring", "manual"]
    amount: Decimal
    currency: str
    order: str = ""
    commission: Decimal = Decimal(0)
    commission_currency: str = ""
    payout_method: PayoutMethod = "none"
    tax_form: TaxForm = "missing"
    occurred_at: datetime

    @classmethod
    def named(cls, data: Mapping[str, Any]) -> Any:
        """One sale is told about both: the one reads what was bought, the other what was sold."""
        return _("Credited with a sale") if _of_affiliate(data) else _("Purchase credited to an affiliate")

    @classmethod
    def told_first(cls, data: Mapping[str, Any]) -> Sequence[str]:
        return ("buyer", "order") if _of_affiliate(data) else ("affiliate", "order")

    @classmethod
    def narrow(cls, options: SaleOptions) -> dict[str, Any] | None:
        return together(
            ("about", "is", options.about), ("affiliate_id", "is_any_of", options.affiliates),
            ("campaign_id", "is_any_of", options.campaigns), ("payout_method", "is_any_of", options.payout_methods),
            ("tax_form", "is_any_of", options.tax_forms),
        )  # fmt: skip

    def subject(self) -> tuple[str, int | None]:
        return "affiliates.sale", self.sale_id


def _of_affiliate(data: Mapping[str, Any]) -> bool:
    return data.get("about") == "affiliate"
