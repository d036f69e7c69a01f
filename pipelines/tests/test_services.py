"""What is done to opportunities: values cleaned at their fields, nothing half done, nothing told twice."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from contacts.dedupe.merging import merge
from contacts.tests import make as contacts
from pipelines import services
from pipelines.models import Opportunity, Stage
from pipelines.tests import deal_make as make
from triggers.models import Event

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def refused(call: Any, *args: Any, **kwargs: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        call(*args, **kwargs)
    found: dict[str, list[str]] = error.value.message_dict
    return found


def test_a_new_deal_begins_in_the_first_stage_of_its_pipeline() -> None:
    kitchens = make.pipeline(currency="CHF")
    mia, ana, ben = contacts.contact(), contacts.user("ana"), contacts.user("ben")

    deal = services.create(
        {"contact": mia.pk, "pipeline": "KITCHENS", "name": "  Island  ", "value": 1200, "followers": ["ana", ben]},
        now=NOON,
    )  # fmt: skip

    deal.refresh_from_db()
    assert (deal.pipeline, deal.stage.name, deal.name, deal.value, deal.currency) == (
        kitchens, "Enquiry", "Island", Decimal(1200), "CHF",
    )  # fmt: skip
    assert {deal.created_at, deal.entered_stage_at, deal.last_activity_at, deal.updated_at} == {NOON}
    assert set(deal.followers.all()) == {ana, ben}
    assert deal.closed_at is None


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"value": "soon"}, "value", "Enter an amount, for example 5000."),
        ({"value": -1}, "value", "A value is never below zero."),
        ({"value": 10**12}, "value", "Enter an amount below 1000000000000."),
        ({"value": "1.005"}, "value", "An amount in EUR has at most 2 decimals."),
        ({"value": "1.5", "currency": "JPY"}, "value", "An amount in JPY has at most 0 decimals."),
        ({"currency": "EURO"}, "currency", "“EURO” is no currency. Enter its three letters, such as EUR."),
        ({"currency": "XXX"}, "currency", "“XXX” is no currency. Enter its three letters, such as EUR."),
        ({"owner": "zoe"}, "owner", "There is no user “zoe”."),
        ({"followers": "ana"}, "followers", "Enter a list of at most 50 users."),
        ({"followers": ["zoe"]}, "followers", "There is no user “zoe”."),
        ({"status": "closed"}, "status", "“closed” is no status. Choose from: open, won, lost, abandoned."),
        ({"lost_reason": "Too dear"}, "lost_reason", "An open opportunity has no reason for its end. Close it too."),
        ({"status": "won", "lost_reason": "Too dear"}, "lost_reason",
         "“Too dear” is a reason for deals that are Lost."),
        ({"status": "lost", "lost_reason": "Gone"}, "lost_reason", "There is no reason “Gone”."),
        ({"stage": "Gone"}, "stage", "“Kitchens” has no stage “Gone”. Its stages: Enquiry, Planning, Offer."),
        ({"stage": 999}, "stage", "“Kitchens” has no stage “999”. Its stages: Enquiry, Planning, Offer."),
        ({"stage": [1]}, "stage", "Enter a stage's name or number."),
        ({"pipeline": "Gone"}, "pipeline", "There is no pipeline “Gone”."),
        ({"pipeline": "Empty"}, "pipeline", "“Empty” has no stages yet. Add one first."),
        ({"pipeline": "Windows", "stage": "Enquiry"}, "stage",
         "“Windows” has no stage “Enquiry”. Its stages: Visit."),
        ({"expected_close": "tomorrow"}, "expected_close",
         "“tomorrow” value has an invalid date format. It must be in YYYY-MM-DD format."),
        ({"contact": 999}, "contact", "There is no contact “999”."),
        ({"colour": "red"}, "colour", "An opportunity has no field of this name."),
        ({"custom_fields": {"size": 3}}, "custom_fields.size", "There is no custom field “size”; none is defined yet."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_made(values: Any, field: str, message: str) -> None:
    make.pipeline(), make.pipeline("Windows", ("Visit",)), make.pipeline("Empty", ())
    make.reason()

    found = refused(services.create, {"contact": contacts.contact(), "pipeline": "Kitchens", **values})

    assert found == {field: [message]}
    assert not Opportunity.objects.exists()


def test_contact_and_place_are_asked_for() -> None:
    make.pipeline()

    assert refused(services.create, {"pipeline": "Kitchens"}) == {"contact": ["Choose the contact."]}
    assert refused(services.create, {"contact": contacts.contact()}) == {
        "stage": ["Choose the pipeline, or a stage of one."]
    }


def test_several_refusals_come_together() -> None:
    deal = make.deal()

    found = refused(services.update, deal, {"value": "x", "owner": "zoe", "name": "y"})

    deal.refresh_from_db()
    assert (set(found), deal.name) == ({"value", "owner"}, "Island")


def test_a_deal_stays_with_its_contact() -> None:
    deal, other = make.deal(), contacts.contact(first_name="Ben")

    assert set(refused(services.update, deal, {"contact": other})) == {"contact"}
    assert services.update(deal, {"contact": deal.contact_id, "name": "Loft"}) == {
        "name": {"old": "Island", "new": "Loft"}
    }


def test_a_stage_by_name_alone_is_the_deals_own() -> None:
    deal = make.deal()
    make.pipeline("Windows", ("Planning", "Visit"))

    services.move(deal, "Planning")
    assert deal.stage == make.stage("Planning")
    services.move(deal, "Visit")
    assert deal.pipeline.name == "Windows"


def test_a_pipeline_alone_means_its_first_stage_unless_the_deal_is_in_it() -> None:
    deal = make.deal(at="Enquiry")
    services.move(deal, "Offer")
    windows = make.pipeline("Windows", ("Visit",))

    assert services.update(deal, {"pipeline": deal.pipeline_id}) == {}
    assert services.update(deal, {"pipeline": windows}) == {
        "pipeline": {"old": "Kitchens", "new": "Windows"}, "stage": {"old": "Offer", "new": "Visit"},
    }  # fmt: skip


def test_winning_after_losing_takes_the_reason_away() -> None:
    deal = make.deal()
    services.close(deal, "lost", make.reason(), now=NOON)

    services.close(deal, "won", now=NOON + timedelta(days=1))

    assert (deal.lost_reason, deal.closed_at) == (None, NOON + timedelta(days=1))


def test_a_stale_copy_does_not_overwrite_what_another_wrote() -> None:
    deal = make.deal()
    Opportunity.objects.filter(pk=deal.pk).update(source="Fair")

    services.update(deal, {"name": "Loft"})

    deal.refresh_from_db()
    assert (deal.name, deal.source) == ("Loft", "Fair")


def test_custom_fields_are_merged_and_cleared_one_by_one() -> None:
    contacts.field("size", "number", on="pipelines.opportunity")
    contacts.field("front", on="pipelines.opportunity")
    contacts.field("size")
    deal = make.deal()

    services.update(deal, {"custom_fields": {"size": "3", "front": "Oak"}})
    changes = services.update(deal, {"custom_fields.size": None})

    assert deal.custom_fields == {"front": "Oak"}
    assert changes == {"custom_fields.size": {"old": 3, "new": None}}


def test_money_stays_exact_in_the_database() -> None:
    deal = make.deal()

    services.update(deal, {"value": "99999999999.99"})
    deal.refresh_from_db()
    assert services.shown(deal, "value") == "99999999999.99"


def test_deals_go_to_the_survivor_of_a_merge_and_nothing_is_told_of_it() -> None:
    mia, twin = contacts.contact(last_name="Brandt"), contacts.contact(email="m@work.example")
    deal = make.deal(twin, created_at=NOON)
    last = Event.objects.latest("id").pk

    done = merge(mia.pk, twin.pk)

    deal.refresh_from_db()
    assert (deal.contact, deal.updated_at, done.moved["pipelines.opportunity"]) == (mia, NOON, 1)
    assert not Event.objects.filter(pk__gt=last, type__startswith="opportunity.").exists()
    # the former number still finds its contact
    assert services.create({"contact": twin.pk, "stage": Stage.objects.first()}).contact == mia
