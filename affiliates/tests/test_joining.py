"""Two affiliates who are one person."""

import pytest

from affiliates import links, payouts, visits
from affiliates.models import Affiliate, Commission, Enrolment, Payout, Sale
from affiliates.tests import make
from contacts.dedupe.merging import merge
from contacts.tests import make as contacts
from triggers.models import Event

pytestmark = pytest.mark.django_db


def test_what_one_earned_becomes_the_others_and_every_link_goes_on() -> None:
    shop, fair = make.campaign(), make.campaign("Fair")
    jonas, joni = make.affiliate("Jonas"), make.affiliate("Joni", payout_method="given")
    kept, twin, other = make.enrolment(jonas, shop), make.enrolment(joni, shop), make.enrolment(joni, fair)
    make.sale(kept), make.sale(twin), make.sale(other)
    for browser in (make.visitor(), make.visitor(**{"Accept-Language": "de"})):
        make.follow(browser, twin)
    payouts.approve(Commission.objects.filter(affiliate=joni))
    payouts.put_together(joni, "EUR")
    told = Event.objects.filter(type__startswith="affiliate.").count()

    merge(jonas.contact_id, joni.contact_id)

    joni.refresh_from_db()
    assert (joni.contact, joni.merged_into, joni.status) == (None, jonas, "paused")
    assert set(Enrolment.objects.values_list("affiliate", "campaign")) == {(jonas.pk, shop.pk), (jonas.pk, fair.pk)}
    assert set(Commission.objects.values_list("affiliate", flat=True)) == {jonas.pk}
    assert set(Sale.objects.values_list("enrolment__affiliate", flat=True)) == {jonas.pk}
    assert not Payout.objects.exists()
    assert visits.enrolment_of("joni", "shop") == kept
    assert visits.enrolment_of("joni", "fair") == other
    assert links.affiliate_of(links.magic_path(joni.pk, make.NOON).split("/")[2], make.NOON) == (jonas, False)
    assert Event.objects.filter(type__startswith="affiliate.").count() == told


def test_merged_on_the_first_ones_links_go_on_as_well() -> None:
    shop = make.campaign()
    three = [make.affiliate(name) for name in ("Jonas", "Joni", "Jo")]
    make.enrolment(three[2], shop)

    merge(three[1].contact_id, three[2].contact_id)
    merge(three[0].contact_id, three[1].contact_id)

    assert visits.enrolment_of("jo", "shop").affiliate == three[0]


def test_who_alone_is_an_affiliate_stays_one() -> None:
    jonas, mia = make.affiliate(), contacts.contact()

    merge(mia.pk, jonas.contact_id)

    assert Affiliate.objects.get().contact == mia
