"""opportunity.upsert: makes a deal, or updates the open one."""

import pytest

from contacts.tests import make as contacts
from contacts.tests.actions import play
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make

pytestmark = pytest.mark.django_db

KEY = "opportunity.upsert"


def test_without_a_deal_one_is_made() -> None:
    make.pipeline()

    done = play.perform(KEY, contacts.contact(), pipeline="Kitchens", stage="Planning", values={"name": "Island"})

    assert (done.summary, Opportunity.objects.get().stage.name) == ("Created “Island”.", "Planning")


def test_the_newest_open_deal_is_updated_and_moved_forwards() -> None:
    mia = contacts.contact()
    old, new = make.deal(mia, "Old"), make.deal(mia, "New")
    make.deal(mia, "Won", status="won")

    done = play.perform(KEY, mia, pipeline="Kitchens", stage="Offer", values={"value": "50"})

    new.refresh_from_db()
    old.refresh_from_db()
    assert (new.stage.name, new.value, old.stage.name, Opportunity.objects.count()) == ("Offer", 50, "Enquiry", 3)
    assert done.summary == "Changed “New”: stage, value."


@pytest.mark.parametrize(("allow_back", "stage"), [(False, "Offer"), (True, "Enquiry")])
def test_a_deal_that_is_further_goes_back_only_where_that_is_allowed(allow_back: bool, stage: str) -> None:
    deal = make.deal(contacts.contact(), at="Enquiry")
    Opportunity.objects.update(stage=make.stage("Offer"))

    play.perform(KEY, deal.contact, pipeline="Kitchens", stage="Enquiry", values={"value": "9"}, allow_back=allow_back)

    deal.refresh_from_db()
    assert (deal.stage.name, deal.value) == (stage, 9)


def test_by_name_another_deal_is_left_alone() -> None:
    deal = make.deal(contacts.contact(), "Island")

    play.perform(KEY, deal.contact, "Loft", pipeline="Kitchens", values={"name": "{{ event.body }}"}, by_name=True)
    done = play.perform(
        KEY, deal.contact, "LOFT", pipeline="Kitchens", values={"name": "{{ event.body }}"}, by_name=True
    )

    assert sorted(Opportunity.objects.values_list("name", flat=True)) == ["Island", "LOFT"]
    assert done.summary == "Changed “LOFT”: name."


def test_what_is_so_already_is_told() -> None:
    deal = make.deal(contacts.contact())

    done = play.perform(KEY, deal.contact, pipeline="Kitchens", values={"name": "Island"})

    assert done.summary == "“Island” was so already."
    assert contacts.events("opportunity.changed") == []


def test_a_refused_value_changes_nothing() -> None:
    deal = make.deal(contacts.contact())

    done = play.perform(
        KEY, deal.contact, "much", pipeline="Kitchens", stage="Offer", values={"value": "{{ event.body }}"}
    )

    deal.refresh_from_db()
    assert (done.status, deal.stage.name) == ("failed", "Enquiry")


def test_problems_and_preview() -> None:
    make.pipeline()

    assert play.problems(KEY, pipeline="Kitchens", by_name=True) == [
        (".by_name", "Give a name to find the opportunity by.")
    ]
    assert play.preview(KEY, contacts.contact(), pipeline="Kitchens", values={"value": "5"}) == (
        "Creates an opportunity in Kitchens, or updates the open one: value."
    )
