"""opportunity.created: what it tells, and the deals a trigger may ask for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contacts.tests import make as contacts
from contacts.tests.events.narrowing import refused, starts
from pipelines import services
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_a_new_deal_is_told_with_what_it_is() -> None:
    ana, mia, kitchens = contacts.user("ana"), contacts.contact(), make.pipeline()

    deal = services.create(
        {
            "name": "Island", "contact": mia, "pipeline": "Kitchens", "value": "22000", "owner": "ana",
            "source": "Fair", "expected_close": "2026-05-01",
        },
        now=NOON,
    )  # fmt: skip

    [event] = contacts.events("opportunity.created")
    assert event.data == {
        "opportunity_id": deal.pk, "contact_id": mia.pk, "name": "Island", "pipeline_id": kitchens.pk,
        "pipeline_name": "Kitchens", "stage_id": make.stage().pk, "stage_name": "Enquiry", "status": "open",
        "value": "22000.00", "currency": "EUR", "owner_id": ana.pk, "owner_username": "ana", "source": "Fair",
        "expected_close": "2026-05-01", "lost_reason_id": None, "reason": None, "created_at": "2026-03-04T12:00:00Z",
    }  # fmt: skip
    assert (event.subject_type, event.subject_id, event.contact_id) == ("pipelines.opportunity", deal.pk, mia.pk)
    assert contacts.events("opportunity.changed") == []


def test_many_at_once_are_each_told() -> None:
    mia, first = contacts.contact(), make.pipeline() and make.stage()

    Opportunity.objects.bulk_create([Opportunity(contact=mia, name=name, stage=first) for name in ("A", "B")])

    assert [e.data["name"] for e in contacts.events("opportunity.created")] == ["A", "B"]
    assert {e.data["currency"] for e in contacts.events("opportunity.created")} == {"EUR"}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, [True, True, True]),
        ({"assigned": "is", "users": ["ana"]}, [True, False, False]),
        ({"assigned": "is_not", "users": ["ana"]}, [False, True, True]),
        ({"assigned": "empty"}, [False, False, True]),
        ({"assigned": "not_empty"}, [True, True, False]),
        ({"tags": ["VIP"]}, [True, False, False]),
        ({"value_min": "5000"}, [True, True, False]),
        ({"value_max": 5000}, [False, True, False]),
        ({"value_min": 5000, "value_max": "21999.99"}, [False, True, False]),
        ({"value_min": 5000, "currency": "CHF"}, [False, True, False]),
        ({"statuses": ["lost", "won"]}, [False, False, True]),
        ({"pipelines": ["Windows"]}, [False, True, False]),
        ({"stages": ["Enquiry"]}, [True, False, True]),
        ({"lost_reasons": ["Too dear"]}, [False, False, True]),
        ({"stages": ["Enquiry"], "assigned": "empty"}, [False, False, True]),
    ],
)  # fmt: skip
def test_what_a_trigger_may_ask_for(config: dict[str, Any], expected: list[bool]) -> None:
    mia, ben = contacts.contact(), contacts.contact(first_name="Ben", email="")
    contacts.tag("VIP", mia)
    windows = make.pipeline("Windows", ("Visit",))
    dear = make.reason()
    make.deal(mia, at="Enquiry", owner=contacts.user("ana"), value=22000)
    make.deal(ben, at="Visit", owner=contacts.user("zoe"), value=5000, currency="CHF")
    make.deal(ben, at="Enquiry", status="lost", lost_reason=dear)
    numbers = {"Windows": windows.pk, "Enquiry": make.stage().pk, "Too dear": dear.pk}
    asked = {
        name: [numbers.get(each, each) for each in value] if isinstance(value, list) else value
        for name, value in config.items()
    }

    assert [starts(event, **asked) for event in contacts.events("opportunity.created")] == expected


def test_custom_fields_are_asked_for_in_conditions() -> None:
    contacts.field("size", "number", on="pipelines.opportunity")
    deal = make.deal(custom_fields={"size": 12})

    from pipelines.deals.facts import OpportunityFacts

    assert OpportunityFacts().load([deal.pk])[deal.pk]["custom_fields.size"] == 12
    found = OpportunityFacts().field("custom_fields.size")
    assert found is not None
    assert found.kind == "number"


def test_what_makes_no_sense_is_refused() -> None:
    assert refused("opportunity.created", pipelines=[99]) == [("pipelines",)]
    assert refused("opportunity.created", stages=[99]) == [("stages",)]
    assert refused("opportunity.created", lost_reasons=[99]) == [("lost_reasons",)]
    assert refused("opportunity.created", value_min=10, value_max=5) == [()]
    assert refused("opportunity.created", value_min=-1) == [("value_min",)]
    assert refused("opportunity.created", currency="Euro") == [("currency",)]
    assert refused("opportunity.created", assigned="is") == [("users",)]
