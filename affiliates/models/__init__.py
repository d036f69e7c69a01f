"""The rows of affiliates, each with its constraints."""

from affiliates.models.affiliate import Affiliate, Enrolment
from affiliates.models.campaign import Campaign
from affiliates.models.sale import Commission, Payout, PurchaseDue, Sale
from affiliates.models.visit import Click, Referral

__all__ = ["Affiliate", "Campaign", "Click", "Commission", "Enrolment", "Payout", "PurchaseDue", "Referral", "Sale"]
