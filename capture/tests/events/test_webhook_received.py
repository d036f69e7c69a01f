"""`webhook.received`: which webhooks start a workflow, and what its conditions may ask."""

from datetime import UTC, datetime
from typing import Any

import pytest

from capture.events.webhook_received import WebhookReceived, Which
from capture.intake import take_in
from capture.tests import make
from triggers import registry, services, sweeping
from triggers.models import Run

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_it_is_in_the_registry() -> None:
    assert registry.events["webhook.received"] is WebhookReceived
    assert (str(WebhookReceived.label), WebhookReceived.section) == ("Inbound webhook received", "Event Triggers")


def test_named_webhooks_narrow_it() -> None:
    assert WebhookReceived.narrow(Which()) is None
    assert WebhookReceived.narrow(Which(webhooks=[3, 5])) == {
        "field": "event.webhook_id",
        "op": "is_any_of",
        "value": [3, 5],
    }


def workflow(name: str, webhooks: list[int], conditions: Any = None) -> None:
    trigger = {"uid": "t1", "event": "webhook.received", "config": {"webhooks": webhooks}, "conditions": conditions}
    wait = {"uid": "a1", "action": "wait.duration", "config": {"days": 1}}
    services.publish(services.create(name, {"triggers": [trigger], "actions": [wait], "settings": {}}))


@pytest.mark.django_db
def test_workflows_start_for_their_webhook_and_for_what_was_sent() -> None:
    mine, _token = make.webhook("Mine")
    other, _token = make.webhook("Other")
    workflow("any", [])
    workflow("mine", [mine.pk])
    workflow("other", [other.pk])
    workflow("large", [], {"all": [{"field": "event.body.order.total", "op": "gt", "value": 100}]})
    workflow("small", [], {"all": [{"field": "event.body.order.total", "op": "lt", "value": 100}]})
    workflow("from the letter", [], {"all": [{"field": "event.query.utm", "op": "is", "value": "letter"}]})

    take_in(mine, make.sent({"order": {"total": 120}}, {"utm": "letter"}), NOON)
    sweeping.drain()

    started = sorted(run.workflow.name for run in Run.objects.select_related("workflow"))
    assert started == ["any", "from the letter", "large", "mine"]
