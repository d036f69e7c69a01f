"""What affiliates keep about people. Of a forgotten person the figures stay; code, statuses and referrals go."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from affiliates.models import Affiliate, Click, Commission, Enrolment, Payout, Referral, Sale
from affiliates.models.affiliate import new_code
from triggers import holdings, privacy
from triggers.models import Event
from triggers.privacy import Blank, Delete, Holding, Keep


def register() -> None:
    privacy.register(
        Holding(
            "affiliates", "affiliates.Affiliate", lambda who: Affiliate.objects.filter(contact__in=who.ids),
            Blank({"status": "rejected", "payout_method": "none", "tax_form": "missing"}), then=_with_other_codes,
            told=("code", "status", "payout_method", "tax_form", "created_at"),
        ),
        Holding(
            "enrolments", "affiliates.Enrolment", _mine(Enrolment), Keep(), told=("campaign", "enrolled_by", "enrolled_at"),
        ),
        Holding(
            "clicks on affiliates' links", "affiliates.Click",
            lambda who: Click.objects.filter(enrolment__affiliate__contact__in=who.ids), Keep(), told=("at", "landing"),
        ),
        Holding(
            "commissions", "affiliates.Commission", _mine(Commission), Keep(),
            told=("amount", "currency", "status", "created_at"),
        ),
        Holding(
            "payouts", "affiliates.Payout", _mine(Payout), Blank({"reference": ""}),
            told=("since", "until", "currency", "status", "paid_at", "reference"),
        ),
        Holding(
            "referrals", "affiliates.Referral", lambda who: Referral.objects.filter(contact__in=who.ids), Delete(),
            told=("campaign", "enrolment", "clicked_at"),
        ),
        Holding(
            "purchases by recommendation", "affiliates.Sale", lambda who: Sale.objects.filter(buyer__in=who.ids),
            Blank({"reference": ""}), told=("amount", "currency", "kind", "status", "reference", "occurred_at"),
            label=_("purchases by recommendation"), then=_blank_events,
        ),
    )  # fmt: skip


def _mine(model: Any) -> Any:
    """What hangs on the person as an affiliate."""
    return lambda who: model._default_manager.filter(affiliate__contact__in=who.ids)


def _with_other_codes(keys: list[Any]) -> None:
    """A code may say who it was; the links that hold it lead nowhere from now on."""
    for key in keys:
        Affiliate.objects.filter(pk=key).update_untold(code=new_code())
    _blank_events(list(Sale.objects.filter(enrolment__affiliate__in=keys).values_list("pk", flat=True)))


def _blank_events(keys: list[Any]) -> None:
    """Events of sales name the buyer to the affiliate's run, and the affiliate to the buyer's."""
    found = Event.objects.filter(subject_type="affiliates.sale", subject_id__in=keys)
    holdings.blank_events(list(found.values_list("pk", flat=True)))
