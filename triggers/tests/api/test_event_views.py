"""The events resource: read the history, report what happened elsewhere."""

from typing import Any

import pytest

from triggers import registry
from triggers.models import Event, IdempotencyRecord
from triggers.tests import make
from triggers.tests.api import calls
from triggers.tests.api.test_ingest import DoorRung

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/events/"


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DoorRung, "key", "door.rung")
    monkeypatch.setitem(registry.events, "door.rung", DoorRung)


def rung(person: Any, **values: Any) -> dict[str, Any]:
    return {"type": "door.rung", "contact_id": person.pk, "data": {"door": "front"}, **values}


def test_a_reported_event_is_accepted_with_its_id() -> None:
    client, person = calls.client(), make.contact()

    response = client.post(ADDRESS, rung(person, occurred_at="2026-05-04T11:30:00+02:00"))

    event = Event.objects.get(type="door.rung")
    assert (response.status_code, response.json()) == (202, {"id": event.pk})
    assert (event.actor, event.actor_id) == ("api", f"Shop/{client.key.prefix}")
    assert event.occurred_at.isoformat() == "2026-05-04T09:30:00+00:00"


def test_sent_twice_under_a_key_it_is_recorded_once_even_after_a_day() -> None:
    client, person = calls.client(), make.contact()
    first = client.post(ADDRESS, rung(person), HTTP_IDEMPOTENCY_KEY="k1")
    replayed = client.post(ADDRESS, rung(person), HTTP_IDEMPOTENCY_KEY="k1")
    IdempotencyRecord.objects.all().delete()

    again = client.post(ADDRESS, rung(person), HTTP_IDEMPOTENCY_KEY="k1")

    assert (replayed["Idempotent-Replay"], again.get("Idempotent-Replay")) == ("true", None)
    assert first.json() == replayed.json() == again.json()
    assert Event.objects.filter(type="door.rung").count() == 1


def test_after_a_day_the_key_still_stands_for_the_same_event() -> None:
    client, person = calls.client(), make.contact()
    client.post(ADDRESS, rung(person), HTTP_IDEMPOTENCY_KEY="k1")
    IdempotencyRecord.objects.all().delete()

    refused = client.post(ADDRESS, rung(person, data={"door": "back"}), HTTP_IDEMPOTENCY_KEY="k1")

    assert (refused.status_code, IdempotencyRecord.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "type"),
        ({"type": "door.rung", "contact_id": 10**25}, "contact_id"),
        ({"type": "door.rung", "contact_id": 0}, "contact_id"),
        ({"type": "door.rung", "data": []}, "data"),
        ({"type": "door.rung", "occurred_at": "yesterday"}, "occurred_at"),
        ({"type": "door.rung", "data": {"door": 5, "contact_id": 1}}, "data.door"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(body: dict[str, Any], field: str) -> None:
    response = calls.client().post(ADDRESS, body)

    assert response.status_code == 400
    assert field in calls.errors(response)


def test_a_list_is_no_event() -> None:
    assert calls.client().post(ADDRESS, [1, 2]).status_code == 400


def test_events_are_read_but_never_changed() -> None:
    make.contact()
    address = f"{ADDRESS}{Event.objects.get().pk}/"
    client = calls.client()

    assert client.get(address).json()["type"] == "contact.created"
    assert [client.patch(address, {}).status_code, client.delete(address).status_code] == [405, 405]


@pytest.mark.parametrize("key", ["0", "999", "99999999999999999999999", "abc", "1.5", "%00"])
def test_an_event_that_is_not_there_is_not_found(key: str) -> None:
    assert calls.client().get(f"{ADDRESS}{key}/").status_code == 404


def test_reporting_needs_the_scope_and_the_permission() -> None:
    person = make.contact()
    user = calls.with_permissions(make.user(), "triggers.view_event")

    assert calls.client("events:read").post(ADDRESS, rung(person)).status_code == 403
    assert calls.client("events:write", user=user).post(ADDRESS, rung(person)).status_code == 403
    assert not Event.objects.filter(type="door.rung").exists()
