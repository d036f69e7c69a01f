"""Lists count so far and no further."""

import pytest
from django.contrib import admin
from django.db.models import Q

from concours import bounded
from contacts.models import Contact
from contacts.tests import make
from pipelines.facts import JourneyFacts, OpportunityFacts
from pipelines.tests import deal_make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db


def test_what_lies_beyond_is_told_and_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST", 3)
    client = visit.boss()
    for number in range(3):
        make.contact(email=f"{number}@example.org")
    assert "3 contacts" in visit.text(client, "/admin/contacts/contact/")

    make.contact(email="4@example.org")
    make.contact(email="5@example.org")

    assert bounded.counted(Contact.objects.all()) == 4
    assert "More than 3 contacts: search or filter to see the others" in visit.text(client, "/admin/contacts/contact/")


def test_more_deals_than_are_counted_are_not_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST", 2)
    client = visit.boss()
    deal_make.deal(value=100)
    deal_make.deal(value=20)
    assert "Worth € 120" in visit.text(client, "/admin/pipelines/opportunity/").replace("\xa0", " ")

    deal_make.deal(value=3)

    page = visit.text(client, "/admin/pipelines/opportunity/")
    assert "Filter the list to see what they are worth together." in page
    assert "Worth" not in page


def test_every_list_is_bounded() -> None:
    assert {listed.paginator for listed in admin.site._registry.values()} == {bounded.BoundedPaginator}


def test_deals_and_journeys_are_counted_through_a_sieve() -> None:
    deal_make.deal()

    assert OpportunityFacts().count(Q()) == 1
    assert OpportunityFacts().count(Q(status="won")) == 0
    assert JourneyFacts().count(Q()) == 0
