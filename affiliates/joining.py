"""Two contacts who are one, and both affiliates: what one of them earned becomes the other's, and every link goes on."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from affiliates import payouts
from affiliates.models import Affiliate, Click, Commission, Enrolment, Payout, Referral, Sale


def join(survivor: int, gone: int, now: datetime) -> None:
    """Before the contacts are merged (`contacts.dedupe.merging`): within its transaction."""
    rows = Affiliate.objects.select_for_update(of=("self",)).filter(contact__in=[survivor, gone]).order_by("pk")
    by_contact = {row.contact_id: row for row in rows}
    into, other = by_contact.get(survivor), by_contact.get(gone)
    if into is None or other is None:
        return
    for payout in Payout.objects.filter(affiliate=other, status=Payout.Status.OPEN):
        payouts.take_back(payout)
    for enrolment in Enrolment.objects.filter(affiliate=other):
        _move(enrolment, into)
    for model in (Commission, Payout):
        model._default_manager.filter(affiliate=other).update(affiliate=into)
    Affiliate.objects.filter(merged_into=other).update(merged_into=into)
    other.contact, other.merged_into, other.status = None, into, Affiliate.Status.PAUSED
    other.save()


def _move(enrolment: Enrolment, into: Affiliate) -> None:
    twin = Enrolment.objects.filter(affiliate=into, campaign=enrolment.campaign_id).first()
    if twin is None:
        enrolment.affiliate = into
        enrolment.save()
        return
    counted = Click.objects.filter(enrolment=twin, who=OuterRef("who"), bucket=OuterRef("bucket"))
    Click.objects.filter(~Exists(counted), enrolment=enrolment).update(enrolment=twin)
    for model in (Referral, Sale):
        model._default_manager.filter(enrolment=enrolment).update(enrolment=twin)
    enrolment.delete()
