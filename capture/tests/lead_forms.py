"""What the tests of lead forms share: a lead, and workflows that ask for some of them."""

from datetime import UTC, datetime
from typing import Any

from capture.lead_forms import Told, submit
from triggers import services, sweeping
from triggers.models import Run

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANSWERS = {"full_name": "Ada Lovelace", "email": "ada@example.org", "phone_number": "+493012345678", "budget": "100"}


def lead(network: Any = "facebook", lead_id: str = "44", **fields: Any) -> Told:
    values = {"answers": ANSWERS, "form_id": "F1", "page_id": "P1", "submitted_at": NOON}
    return Told(network, lead_id, **{**values, **fields})


def started(network: str, event: str) -> set[str]:
    """The names of the workflows that one lead of this network starts."""
    answered = {"field": "event.answers.budget", "op": "is", "value": "100"}
    for name, config, conditions in (
        ("any", {}, None), ("this page", {"page_id": "P1"}, None), ("another page", {"page_id": "P2"}, None),
        ("this form", {"form_id": "F1"}, None), ("another form", {"form_id": "F2"}, None),
        ("this form of this page", {"page_id": "P1", "form_id": "F1"}, None),
        ("this form of another page", {"page_id": "P2", "form_id": "F1"}, None),
        ("with this answer", {}, answered), ("with another answer", {}, {**answered, "value": "5"}),
    ):  # fmt: skip
        trigger = {"uid": "t1", "event": event, "config": config, "conditions": conditions}
        wait = {"uid": "a1", "action": "wait.duration", "config": {"days": 1}}
        services.publish(services.create(name, {"triggers": [trigger], "actions": [wait], "settings": {}}))
    # Just now: what happened before a workflow went live does not start it.
    submit(lead(network, submitted_at=None))
    sweeping.drain()
    return {run.workflow.name for run in Run.objects.select_related("workflow")}
