"""opportunity.status_changed: won, lost, abandoned, and open again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts.tests import make as contacts
from contacts.tests.events.narrowing import starts
from pipelines import services
from pipelines.models import Opportunity
from pipelines.tests import deal_make as make
from triggers.context import act_as

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_a_lost_deal_is_told_with_its_reason_and_who_closed_it() -> None:
    deal = make.deal(value=100, created_at=NOON)
    make.reason()

    with act_as(actor="user", actor_id="7", origin="admin"):
        services.close(deal, "lost", "Too dear", now=NOON + timedelta(days=9, hours=1))

    [event] = contacts.events("opportunity.status_changed")
    told = {name: event.data[name] for name in ("old_status", "new_status", "status", "reason", "days_open", "value")}
    assert told == {
        "old_status": "open", "new_status": "lost", "status": "lost", "reason": "Too dear", "days_open": 9,
        "value": "100.00",
    }  # fmt: skip
    assert event.changes == {"status": {"old": "open", "new": "lost"}}
    assert (event.actor, event.actor_id, event.origin) == ("user", "7", "admin")
    assert (deal.closed_at, str(deal.lost_reason)) == (NOON + timedelta(days=9, hours=1), "Too dear")


def test_opened_again_it_has_no_end_any_more() -> None:
    deal = make.deal(status="lost", lost_reason=make.reason())

    services.update(deal, {"status": "open"})

    assert (deal.closed_at, deal.lost_reason) == (None, None)
    assert [e.data["old_status"] for e in contacts.events("opportunity.status_changed")] == ["lost"]


def test_whatever_writes_the_column_is_told() -> None:
    one, two = make.deal(), make.deal(status="won")
    closed_at = two.closed_at

    Opportunity.objects.update(status="won")

    assert [(e.subject_id, e.data["new_status"]) for e in contacts.events("opportunity.status_changed")] == [
        (one.pk, "won")
    ]
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.closed_at is not None
    assert two.closed_at == closed_at


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, [True, True, True]),
        ({"from_statuses": ["open"]}, [True, False, True]),
        ({"to_statuses": ["open"]}, [False, True, False]),
        ({"from_statuses": ["lost"], "to_statuses": ["open", "won"]}, [False, True, False]),
        ({"statuses": ["won", "lost"]}, [True, False, True]),
        ({"lost_reasons": ["Too dear"]}, [True, False, False]),
        ({"value_min": 200}, [False, False, True]),
        ({"assigned": "empty"}, [True, True, True]),
        ({"stages": ["Offer"]}, [False, False, True]),
    ],
)
def test_what_a_trigger_may_ask_for(config: dict[str, Any], expected: list[bool]) -> None:
    deal = make.deal(value=100)
    numbers = {"Too dear": make.reason().pk, "Offer": make.stage("Offer").pk}
    services.close(deal, "lost", "Too dear")
    services.update(deal, {"status": "open"})
    services.update(deal, {"status": "won", "value": 200, "stage": "Offer"})
    asked = {
        name: [numbers.get(each, each) for each in value] if isinstance(value, list) else value
        for name, value in config.items()
    }

    assert [starts(event, **asked) for event in contacts.events("opportunity.status_changed")] == expected
