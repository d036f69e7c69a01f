"""opportunity.delete: the run's own deal, for good."""

import pytest

from contacts.tests import make as contacts
from contacts.tests.actions import play
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make
from pipelines.tests.deal_play import perform

pytestmark = pytest.mark.django_db

KEY = "opportunity.delete"


def test_the_runs_deal_goes_and_no_other() -> None:
    deal, other = make.deal(), make.deal(name="Loft")
    pk = deal.pk

    done = perform(KEY, deal)

    assert list(Opportunity.objects.all()) == [other]
    assert (done.summary, done.result) == ("Deleted “Island”.", {"opportunity_id": pk})


def test_without_a_deal_it_fails_and_a_preview_deletes_nothing() -> None:
    deal = make.deal(contacts.contact())

    assert play.perform(KEY, deal.contact).status == "failed"
    assert play.preview(KEY, deal.contact) == "Deletes the opportunity."
    assert Opportunity.objects.count() == 1
