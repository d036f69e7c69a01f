"""opportunity.stage_changed: from where to where, forwards or back, and after how long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts.tests import make as contacts
from contacts.tests.events.narrowing import refused, starts
from pipelines import services
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def told(*names: str) -> list[tuple[Any, ...]]:
    return [tuple(event.data[name] for name in names) for event in contacts.events("opportunity.stage_changed")]


def test_a_move_is_told_with_both_stages_and_the_days_in_the_old_one() -> None:
    deal = make.deal(created_at=NOON)

    services.move(deal, "Planning", now=NOON + timedelta(days=3, hours=20))

    [event] = contacts.events("opportunity.stage_changed")
    old, new = make.stage("Enquiry"), make.stage("Planning")
    moved = ("old_stage_id", "old_stage", "new_stage_id", "new_stage", "direction", "days_in_old_stage", "stage_id")
    assert {name: event.data[name] for name in moved} == {
        "old_stage_id": old.pk, "old_stage": "Enquiry", "new_stage_id": new.pk, "new_stage": "Planning",
        "direction": "forwards", "days_in_old_stage": 3, "stage_id": new.pk,
    }  # fmt: skip
    assert deal.entered_stage_at == NOON + timedelta(days=3, hours=20)


def test_back_again_it_is_told_again_and_to_another_pipeline_too() -> None:
    deal = make.deal(at="Planning")
    windows = make.pipeline("Windows", ("Visit", "Planning"))

    services.move(deal, "Enquiry")
    services.move(deal, "Enquiry")
    services.update(deal, {"pipeline": windows})

    assert told("old_stage", "new_stage", "direction", "pipeline_name") == [
        ("Planning", "Enquiry", "backwards", "Kitchens"),
        ("Enquiry", "Visit", "other pipeline", "Windows"),
    ]
    assert deal.pipeline == windows


def test_whatever_writes_the_column_takes_the_pipeline_and_the_date_along() -> None:
    one, two = make.deal(created_at=NOON), make.deal(at="Offer", created_at=NOON)
    make.pipeline("Windows", ("Visit",))

    Opportunity.objects.filter(pk=one.pk).update(stage=make.stage("Visit", "Windows"))
    two.stage = make.stage("Planning")
    Opportunity.objects.bulk_update([two], ["stage"])
    Opportunity.objects.filter(pk=two.pk).update(stage=make.stage("Planning"))

    assert told("new_stage", "direction") == [("Visit", "other pipeline"), ("Planning", "backwards")]
    one.refresh_from_db()
    assert (one.pipeline.name, one.entered_stage_at > NOON) == ("Windows", True)
    entered = two.entered_stage_at
    two.refresh_from_db()
    assert two.entered_stage_at == entered > NOON


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, [True, True, True]),
        ({"from_stages": ["Enquiry"]}, [True, False, True]),
        ({"to_stages": ["Enquiry", "Visit"]}, [False, True, True]),
        ({"from_stages": ["Offer"], "to_stages": ["Planning"]}, [False, False, False]),
        ({"from_pipelines": ["Kitchens"], "pipelines": ["Windows"]}, [False, False, True]),
        ({"direction": "forwards"}, [True, False, False]),
        ({"direction": "backwards"}, [False, True, False]),
        ({"direction": "other pipeline"}, [False, False, True]),
        ({"statuses": ["won"]}, [False, False, True]),
        ({"value_max": 100}, [True, True, False]),
    ],
)
def test_what_a_trigger_may_ask_for(config: dict[str, Any], expected: list[bool]) -> None:
    deal = make.deal(value=100)
    windows = make.pipeline("Windows", ("Visit",))
    numbers = {name: make.stage(name).pk for name in ("Enquiry", "Planning", "Offer")}
    numbers |= {"Visit": make.stage("Visit", "Windows").pk, "Windows": windows.pk, "Kitchens": deal.pipeline_id}
    services.move(deal, "Offer")
    services.move(deal, "Enquiry")
    services.update(deal, {"pipeline": windows, "value": 200, "status": "won"})
    asked = {
        name: [numbers.get(each, each) for each in value] if isinstance(value, list) else value
        for name, value in config.items()
    }

    assert [starts(event, **asked) for event in contacts.events("opportunity.stage_changed")] == expected


def test_stages_that_are_gone_are_refused() -> None:
    assert refused("opportunity.stage_changed", from_stages=[99]) == [("from_stages",)]
    assert refused("opportunity.stage_changed", to_stages=[99]) == [("to_stages",)]
    assert refused("opportunity.stage_changed", from_pipelines=[99]) == [("from_pipelines",)]
