"""What deals keep of a person: told to them, blanked when they are forgotten, on their timeline."""

import io
import json
import zipfile

import pytest

from contacts import services as people
from contacts import timeline
from contacts.privacy import personal_data
from contacts.tests import make as contacts
from pipelines import services
from pipelines.tests import deal_make as make

pytestmark = pytest.mark.django_db


def test_the_figures_stay_and_the_person_goes() -> None:
    contacts.field("front", on="pipelines.opportunity")
    mia = contacts.contact()
    deal = make.deal(mia, "Kitchen of Mia", value=100, source="Mia's sister", custom_fields={"front": "Oak"})
    won = make.deal(mia, "Mia again", value=50, status="won")
    other = make.deal(contacts.contact(first_name="Ben"), "Ben's")

    people.forget(mia)

    for each in (deal, won, other):
        each.refresh_from_db()
    assert (deal.name, deal.source, deal.custom_fields, deal.value, deal.status) == ("", "", {}, 100, "abandoned")
    assert (won.name, won.value, won.status) == ("", 50, "won")
    assert (other.name, other.status) == ("Ben's", "open")
    assert contacts.events("opportunity.status_changed") == []
    assert all(event.data == {} for event in contacts.events("opportunity.created") if event.contact_id == mia.pk)


def test_everything_kept_is_told() -> None:
    deal = make.deal(contacts.contact(), "Island", value=100)
    file = io.BytesIO()

    personal_data.write_archive(deal.contact, file)

    archive = zipfile.ZipFile(file)
    document = next(name for name in archive.namelist() if name.endswith(".json"))
    [told] = json.loads(archive.read(document))["sections"]["opportunities"]
    assert (told["name"], told["stage"], told["status"], told["value"]) == ("Island", "Enquiry", "open", "100.000")


def test_what_happened_with_a_deal_stands_on_its_contacts_timeline_and_its_own() -> None:
    deal = make.deal(contacts.contact())
    services.move(deal, "Offer")

    items = [item for day in timeline.timeline(deal.contact_id) for item in day.items]
    assert [item.what for item in items][:3] == ["Pipeline stage changed", "Opportunity changed", "Opportunity created"]
    assert items[0].detail == "Stage: Enquiry → Offer"
    own = [item.what for day in timeline.of_record("pipelines.opportunity", deal.pk) for item in day.items]
    assert own == ["Pipeline stage changed", "Opportunity changed", "Opportunity created"]
