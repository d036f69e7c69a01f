"""opportunity.changed: every field by itself, with its old and its new value."""

from typing import Any

import pytest

from contacts.tests import make as contacts
from contacts.tests.events.narrowing import refused, starts
from pipelines import services
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make
from triggers.wording import telling

pytestmark = pytest.mark.django_db


def changes() -> list[dict[str, Any]]:
    return [event.changes for event in contacts.events("opportunity.changed")]


def test_each_field_is_told_with_old_and_new() -> None:
    contacts.field("size", "number", on="pipelines.opportunity")
    ana, deal = contacts.user("ana"), make.deal(value=100)

    services.update(deal, {"value": "150.50", "owner": "ana", "custom_fields.size": 3, "name": "Island"})

    assert changes() == [
        {
            "value": {"old": "100", "new": "150.5"}, "owner": {"old": None, "new": ana.pk},
            "custom_fields.size": {"old": None, "new": 3},
        }
    ]  # fmt: skip
    [event] = contacts.events("opportunity.changed")
    assert event.data == {
        "opportunity_id": deal.pk, "contact_id": deal.contact_id, "pipeline_id": deal.pipeline_id,
        "pipeline_name": "Kitchens", "stage_id": deal.stage_id, "stage_name": "Enquiry", "owner_id": ana.pk,
        "owner_username": "ana",
    }  # fmt: skip


def test_what_is_so_already_and_what_happens_beside_is_not_told() -> None:
    deal = make.deal(value=100)

    services.update(deal, {"value": "100.00", "name": "Island"})
    Opportunity.objects.mark_active([deal])

    assert changes() == []


def test_a_move_is_told_here_and_by_its_own_event() -> None:
    deal = make.deal()

    services.move(deal, "Offer")

    assert changes() == [{"stage": {"old": make.stage().pk, "new": make.stage("Offer").pk}}]
    assert len(contacts.events("opportunity.stage_changed")) == 1


def test_many_at_once_are_each_told() -> None:
    deals = [make.deal(name="A"), make.deal(name="B", source="Fair")]

    Opportunity.objects.update(source="Fair")
    for deal in deals:
        deal.value = 5
    Opportunity.objects.bulk_update(deals, ["value"])

    told = [(event.subject_id, event.changes) for event in contacts.events("opportunity.changed")]
    assert told == [
        (deals[0].pk, {"source": {"old": "", "new": "Fair"}}),
        (deals[0].pk, {"value": {"old": None, "new": "5"}}),
        (deals[1].pk, {"value": {"old": None, "new": "5"}}),
    ]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, [True, True, True]),
        ({"fields": ["value"]}, [True, False, False]),
        ({"fields": ["value", "owner"]}, [True, True, False]),
        ({"fields": ["value", "owner"], "match": "all"}, [False, False, False]),
        ({"fields": ["status", "lost_reason"], "match": "all"}, [False, False, True]),
        ({"reason_changed": True}, [False, False, True]),
        ({"reason_changed_to": ["Too dear"]}, [False, False, True]),
        ({"reason_changed_to": ["Too slow"]}, [False, False, False]),
        # these ask for the deal as it is when it is judged: lost by now
        ({"statuses": ["lost"]}, [True, True, True]),
        ({"not_statuses": ["lost", "won"]}, [False, False, False]),
        ({"assigned": "is", "users": ["ana"]}, [True, True, True]),
        ({"value_min": 200}, [False, False, False]),
        ({"stages": ["Enquiry"], "value_max": 150}, [True, True, True]),
    ],
)  # fmt: skip
def test_what_a_trigger_may_ask_for(config: dict[str, Any], expected: list[bool]) -> None:
    contacts.user("ana")
    deal = make.deal(value=100)
    numbers = {"Too dear": make.reason().pk, "Too slow": make.reason("Too slow").pk, "Enquiry": make.stage().pk}
    services.update(deal, {"value": 150})
    services.update(deal, {"owner": "ana"})
    services.close(deal, "lost", "Too dear")
    asked = {
        name: [numbers.get(each, each) for each in value] if isinstance(value, list) else value
        for name, value in config.items()
    }

    assert [starts(event, **asked) for event in contacts.events("opportunity.changed")] == expected


def test_followers_that_a_deal_begins_with_are_no_change() -> None:
    ana = contacts.user("ana")

    deal = services.create({"contact": contacts.contact(), "stage": make.pipeline().stages.first(), "followers": [ana]})

    assert [user.username for user in deal.followers.all()] == ["ana"]
    assert changes() == []


def test_followers_may_be_asked_for_and_read_in_words() -> None:
    deal = make.deal()
    deal.followers.set([contacts.user("ana"), contacts.user("ben")])

    [event] = contacts.events("opportunity.changed")
    assert starts(event, fields=["followers"])
    assert not starts(event, fields=["value"])
    assert telling.details(event) == "Followers: empty → ana, ben"


def test_a_field_that_is_not_told_is_refused() -> None:
    assert refused("opportunity.changed", fields=["closed_at"]) == [("fields",)]
    assert refused("opportunity.changed", not_statuses=["gone"])[0][:1] == ("not_statuses",)
