"""What lists can be narrowed by, and what is answered to a filter that makes no sense."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from triggers import services, sweeping
from triggers.models import Event, Run
from triggers.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db


def ids(address: str, **query: Any) -> list[int]:
    response = calls.client().get(f"/api/v1/{address}/", query)
    assert response.status_code == 200, response.json()
    return [row["id"] for row in response.json()["results"]]


def test_events_by_type_contact_and_subject() -> None:
    anna, berta = make.contact(), make.contact(first_name="Berta")
    tagging = make.tag(berta)
    made_anna, made_berta, tagged = Event.objects.order_by("id").values_list("pk", flat=True)

    assert ids("events", type="contact.created") == [made_berta, made_anna]
    assert ids("events", contact=berta.pk) == [tagged, made_berta]
    assert ids("events", subject=f"contacts.contact:{anna.pk}") == [made_anna]
    assert ids("events", subject="contacts.tagging") == [tagged]
    assert ids("events", subject=f"contacts.tagging:{tagging.pk}", contact=anna.pk) == []
    assert ids("events", subject="contacts.contact:x") == []
    assert ids("events", subject=f"contacts.contact:{10**30}") == []


def test_events_by_when_they_happened() -> None:
    make.contact()
    now = timezone.now()
    [made] = Event.objects.values_list("pk", flat=True)
    Event.objects.update(occurred_at=now)

    assert ids("events", since=now.isoformat()) == [made]
    assert ids("events", until=now.isoformat()) == []
    assert ids("events", since=(now + timedelta(seconds=1)).isoformat()) == []


def test_runs_by_what_they_belong_to_and_their_state() -> None:
    flow, other = make.workflow(), make.workflow(name="Other")
    person = make.contact()
    make.tag(person)
    sweeping.drain()
    [run], [beside] = make.runs(flow), make.runs(other)
    Run.objects.filter(pk=beside.pk).update(status="failed")

    assert ids("runs") == [beside.pk, run.pk]
    assert ids("runs", workflow=flow.pk) == [run.pk]
    assert ids("runs", contact=person.pk, event=run.event_id, mode="live") == [beside.pk, run.pk]
    assert ids("runs", status="failed") == [beside.pk]
    assert ids("runs", contact=person.pk + 1) == []


def test_workflows_by_state_and_folder() -> None:
    live = make.workflow()
    draft = services.create("Draft", {}, folder="Sales")

    assert ids("workflows", status="live") == [live.pk]
    assert ids("workflows", folder="Sales") == [draft.pk]
    assert ids("workflows", slug="welcome") == [live.pk]


@pytest.mark.parametrize(
    ("address", "query", "field"),
    [
        ("runs", {"status": "dead"}, "status"),
        ("runs", {"workflow": "one"}, "workflow"),
        ("runs", {"workflow": "1e999999"}, "workflow"),
        ("runs", {"event": str(2**63)}, "event"),
        ("misses", {"event": "-1"}, "event"),
        ("events", {"since": "yesterday"}, "since"),
        ("events", {"type": "a\0b"}, "type"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(address: str, query: dict[str, str], field: str) -> None:
    response = calls.client().get(f"/api/v1/{address}/", query)

    assert response.status_code == 400
    assert list(calls.errors(response)) == [field]


@pytest.mark.parametrize("number", [2**63 - 1, 0])
def test_numbers_that_no_row_has_find_nothing(number: int) -> None:
    make.contact()

    assert ids("events", contact=number) == []
