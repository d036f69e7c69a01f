"""What the events of affiliates tell: whose link, what for, and what it earned."""

from affiliates.events.affiliate_sale_created import About, AffiliateSaleCreated
from affiliates.models import Commission, Sale
from contacts import money
from triggers.outbox import emit_once

ABOUT: tuple[About, ...] = ("buyer", "affiliate")


def of_sale(sale: Sale, commission: Commission | None) -> None:
    """Tells of a new sale twice, once about each: a trigger says which of them it is about."""
    for about in ABOUT:
        emit_once(f"affiliate sale:{sale.pk}:{about}", _payload(sale, commission, about))


def _payload(sale: Sale, commission: Commission | None, about: About) -> AffiliateSaleCreated:
    enrolment, affiliate = sale.enrolment, sale.enrolment.affiliate
    person = affiliate.contact
    return AffiliateSaleCreated(
        sale_id=sale.pk, contact_id=sale.buyer_id if about == "buyer" else affiliate.contact_id, about=about,
        affiliate_id=affiliate.pk, affiliate=str(affiliate), affiliate_code=affiliate.code,
        affiliate_email=person.email if person else "", affiliate_enrolment_id=enrolment.pk,
        campaign_id=enrolment.campaign_id, campaign=enrolment.campaign.name,
        buyer_id=sale.buyer_id, buyer=str(sale.buyer) if sale.buyer else "",
        kind=sale.kind, amount=money.plain(sale.amount, sale.currency), currency=sale.currency, order=sale.reference,
        commission=money.plain(commission.amount, commission.currency) if commission else 0,
        commission_currency=commission.currency if commission else sale.currency,
        payout_method=affiliate.payout_method, tax_form=affiliate.tax_form, occurred_at=sale.occurred_at,
    )  # fmt: skip
