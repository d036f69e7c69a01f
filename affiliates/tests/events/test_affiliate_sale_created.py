"""`affiliate.sale_created`: about the buyer or the affiliate, and which sales start a workflow."""

from typing import Any

import pytest

from affiliates.events.affiliate_sale_created import AffiliateSaleCreated, SaleOptions
from affiliates.models import Affiliate
from affiliates.tests import make
from contacts import timeline
from contacts.dedupe import merging
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers import registry, sweeping
from triggers import services as workflows
from triggers.models import Run
from triggers.tests.make import last_event

KEY = "affiliate.sale_created"
pytestmark = pytest.mark.django_db


def told(**config: Any) -> tuple[set[str], set[str]]:
    """The tags of buyer and affiliate after a sale, where a workflow tags whom it is about."""
    workflows.publish(workflows.create("Tell", make.document(KEY, **config)))
    mia = contacts.contact()
    jonas = Affiliate.objects.first() or make.affiliate()
    make.sale(make.enrolment(jonas), "49.90", buyer=mia, reference="R-12")
    sweeping.drain()
    return contacts.tags_of(mia), contacts.tags_of(jonas.contact)


def test_it_is_in_the_registry() -> None:
    assert registry.events[KEY] is AffiliateSaleCreated


def test_unless_told_otherwise_it_is_about_the_buyer() -> None:
    assert told() == ({"Told"}, set())
    assert Run.objects.count() == 1


def test_it_may_be_about_the_affiliate() -> None:
    assert told(about="affiliate") == (set(), {"Told"})
    assert Run.objects.count() == 1


@pytest.mark.parametrize(
    ("config", "starts"),
    [
        ({"payout_methods": ["none"]}, True), ({"payout_methods": ["given", "verified"]}, False),
        ({"tax_forms": ["missing"]}, True), ({"tax_forms": ["approved"]}, False),
    ],
)  # fmt: skip
def test_the_statuses_of_the_affiliate_narrow_it(config: dict[str, Any], starts: bool) -> None:
    assert told(about="affiliate", **config)[1] == ({"Told"} if starts else set())


def test_named_affiliates_and_campaigns_narrow_it() -> None:
    jonas, ida = make.affiliate("Jonas"), make.affiliate("Ida")
    shop, fair = make.campaign(), make.campaign("Fair")
    workflows.publish(workflows.create("One", make.document(KEY, affiliates=[jonas.pk], campaigns=[shop.pk])))
    buyers = [contacts.contact(email=f"{number}@example.org") for number in range(3)]

    for buyer, who, campaign in zip(buyers, (jonas, ida, jonas), (shop, shop, fair), strict=True):
        make.sale(make.enrolment(who, campaign), buyer=buyer)
    sweeping.drain()

    assert [contacts.tags_of(buyer) for buyer in buyers] == [{"Told"}, set(), set()]


def test_it_tells_sale_commission_affiliate_and_buyer() -> None:
    told()

    data = last_event(KEY).data
    assert (data["amount"], data["currency"], data["order"], data["kind"]) == ("49.90", "EUR", "R-12", "manual")
    assert (data["commission"], data["commission_currency"]) == ("4.99", "EUR")
    assert (data["affiliate"], data["affiliate_code"], data["campaign"], data["buyer"]) == (
        "Jonas", "jonas", "Shop", "Mia",
    )  # fmt: skip


@pytest.mark.parametrize(("amount", "currency", "commission"), [("1985", "JPY", "199"), ("1.125", "KWD", "0.113")])
def test_amounts_are_told_in_the_decimals_of_their_currency(amount: str, currency: str, commission: str) -> None:
    make.sale(None, amount, currency)

    data = last_event(KEY).data
    assert (data["amount"], data["commission"]) == (amount, commission)


def test_buyer_and_affiliate_read_on_their_timelines_what_it_is_to_each() -> None:
    told()

    def newest(name: str) -> tuple[str, str]:
        items = [item for day in timeline.timeline(Contact.objects.get(first_name=name).pk) for item in day.items]
        [first, *_others] = [item for item in items if item.icon == "people"]
        return first.what, first.detail

    assert newest("Mia") == ("Purchase credited to an affiliate", "Jonas, R-12")
    assert newest("Jonas") == ("Credited with a sale", "Mia, R-12")


def test_whoever_is_both_by_now_reads_it_once_as_each() -> None:
    told()
    mia, jonas = Contact.objects.get(first_name="Mia"), Contact.objects.get(first_name="Jonas")

    merging.merge(mia.pk, jonas.pk)

    said = [item.what for day in timeline.timeline(mia.pk) for item in day.items]
    assert said.count("Purchase credited to an affiliate") == said.count("Credited with a sale") == 1
    assert "New affiliate sale" not in said


def test_options_become_conditions() -> None:
    assert AffiliateSaleCreated.narrow(SaleOptions()) == {"field": "event.about", "op": "is", "value": "buyer"}
    assert AffiliateSaleCreated.narrow(SaleOptions(affiliates=[1], tax_forms=["approved"])) == {
        "all": [
            {"field": "event.about", "op": "is", "value": "buyer"},
            {"field": "event.affiliate_id", "op": "is_any_of", "value": [1]},
            {"field": "event.tax_form", "op": "is_any_of", "value": ["approved"]},
        ]
    }
