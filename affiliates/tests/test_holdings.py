"""A forgotten affiliate and a forgotten buyer: the figures stay, and nothing says who it was."""

import pytest

from affiliates import visits
from affiliates.models import Affiliate, Commission, Referral, Sale
from affiliates.tests import make
from contacts.privacy.forgetting import forget
from contacts.privacy.personal_data import document
from contacts.tests import make as contacts
from triggers import sweeping
from triggers.models import Event

pytestmark = pytest.mark.django_db


def test_of_a_forgotten_affiliate_the_figures_stay_and_the_links_end() -> None:
    own = make.enrolment()
    make.sale(own, buyer=contacts.contact())

    forget(own.affiliate.contact)
    sweeping.drain()

    row = Affiliate.objects.get()
    assert (row.code != "jonas", row.status, row.payout_method) == (True, "rejected", "none")
    assert Commission.objects.get().amount == 10
    assert visits.enrolment_of("jonas") is None
    assert "Jonas" not in str(list(Event.objects.values_list("data", flat=True)))


def test_of_a_forgotten_buyer_the_figures_stay() -> None:
    own, mia = make.enrolment(), contacts.contact(last_name="Secretive")
    make.referral(mia, own)
    make.sale(own, buyer=mia, reference="Order of Mia Secretive")

    forget(mia)
    sweeping.drain()

    assert (Sale.objects.get().amount, Sale.objects.get().reference) == (100, "")
    assert not Referral.objects.exists()
    assert "Secretive" not in str(list(Event.objects.values_list("data", flat=True)))


def test_a_person_is_told_what_is_kept() -> None:
    own, mia = make.enrolment(), contacts.contact()
    make.referral(mia, own)
    make.sale(own, buyer=mia, reference="R-12")

    theirs, ours = (str(document(who)) for who in (own.affiliate.contact, mia))

    assert "jonas" in theirs
    assert "R-12" in ours
