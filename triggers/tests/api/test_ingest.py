"""Events that clients report: only of the right kind, checked, and recorded once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from triggers import registry, sweeping
from triggers.api.idempotency import KeyReused
from triggers.api.ingest import Unfit, ingest, reportable
from triggers.event_types import Happened
from triggers.models import Event
from triggers.tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


class DoorRung(Happened):
    """Somebody rang."""

    contact_id: int
    door: str
    times: int = 1
    at: datetime | None = None


class LampLit(Happened):
    """Of no contact."""

    lamp: int


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, kind in (("door.rung", DoorRung), ("lamp.lit", LampLit)):
        monkeypatch.setattr(kind, "key", key)
        monkeypatch.setattr(kind, "label", key)
        monkeypatch.setitem(registry.events, key, kind)


def problems(given: dict[str, Any]) -> dict[tuple[Any, ...], str]:
    with pytest.raises(Unfit) as refused:
        ingest(given, None, NOW)
    assert not Event.objects.filter(type=given["type"]).exists()
    return {problem.path: problem.message for problem in refused.value.problems}


def test_an_event_is_recorded_as_reported() -> None:
    person = make.contact()
    hour_ago = NOW - timedelta(hours=1)

    event = ingest(
        {"type": "door.rung", "contact_id": person.pk, "data": {"door": "front"}, "occurred_at": hour_ago}, None, NOW
    )

    event.refresh_from_db()
    assert (event.type, event.contact_id, event.occurred_at) == ("door.rung", person.pk, hour_ago)
    assert (event.subject_type, event.subject_id) == ("contacts.contact", person.pk)
    assert event.data == {"contact_id": person.pk, "door": "front", "times": 1, "at": None}


def test_it_starts_workflows() -> None:
    trigger = {"uid": "t1", "event": "door.rung", "conditions": {"field": "event.door", "op": "is", "value": "front"}}
    flow = make.workflow(triggers=[trigger])
    person = make.contact()

    for door in ("front", "back"):
        ingest({"type": "door.rung", "contact_id": person.pk, "data": {"door": door}}, None, timezone.now())
    sweeping.drain()

    assert [(run.status, run.contact_id) for run in make.runs(flow)] == [("done", person.pk)]


def test_without_a_moment_it_happened_now() -> None:
    assert ingest({"type": "lamp.lit", "data": {"lamp": 3}}, None, NOW).occurred_at == NOW


def test_dates_are_read_from_their_json_form() -> None:
    person = make.contact()

    event = ingest(
        {"type": "door.rung", "contact_id": person.pk, "data": {"door": "x", "at": "2026-05-04T09:00:00Z"}}, None, NOW
    )

    assert event.data["at"] == "2026-05-04T09:00:00Z"


def test_under_a_key_it_is_recorded_once() -> None:
    given = {"type": "lamp.lit", "data": {"lamp": 3}}

    first, second = ingest(given, "api:key:1:k", NOW), ingest(given, "api:key:1:k", NOW + timedelta(days=9))

    assert first == second
    assert Event.objects.count() == 1


def test_the_key_of_another_event_is_refused() -> None:
    ingest({"type": "lamp.lit", "data": {"lamp": 3}}, "api:key:1:k", NOW)

    with pytest.raises(KeyReused):
        ingest({"type": "lamp.lit", "data": {"lamp": 4}}, "api:key:1:k", NOW)

    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "path", "told"),
    [
        (
            {"type": "contact.created"},
            ("type",),
            "“contact.created” follows our own records; change the record, and the event comes by itself.",
        ),
        (
            {"type": "door.rang"},
            ("type",),
            "There is no event type “door.rang” to report. Is it “door.rung”?",
        ),
        (
            {"type": "zzz"},
            ("type",),
            "There is no event type “zzz” to report; the catalogue lists them.",
        ),
        ({"type": "door.rung", "contact_id": 999, "data": {"door": "x"}}, ("contact_id",), "There is no contact 999."),
        ({"type": "door.rung", "data": {"door": "x"}}, ("contact_id",), "This is required."),
        (
            {"type": "lamp.lit", "contact_id": 1, "data": {"lamp": 3}},
            ("contact_id",),
            "Events of this type are about no contact; leave it out.",
        ),
        ({"type": "lamp.lit", "data": {"lamp": "bright"}}, ("data", "lamp"), "Enter a whole number, for example 3."),
        ({"type": "lamp.lit", "data": {"lamp": 2**63}}, ("data", "lamp"), "This number is too large."),
        (
            {"type": "lamp.lit", "data": {"lamp": 1, "lampe": 2}},
            ("data", "lampe"),
            "There is no such setting here; remove it or check its spelling.",
        ),
        (
            {"type": "lamp.lit", "data": {"lamp": 1}, "occurred_at": NOW + timedelta(minutes=6)},
            ("occurred_at",),
            "This lies in the future; send when it happened.",
        ),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(given: dict[str, Any], path: tuple[Any, ...], told: str) -> None:
    assert problems(given) == {path: told}


def test_a_clock_a_little_ahead_is_forgiven() -> None:
    ahead = NOW + timedelta(minutes=5)

    event = ingest({"type": "lamp.lit", "data": {"lamp": 1}, "occurred_at": ahead}, None, NOW)

    assert event.occurred_at == ahead


def test_only_what_happens_outside_can_be_reported() -> None:
    found = reportable()

    assert {"door.rung", "lamp.lit"} <= set(found)
    assert "contact.created" not in found
    assert found == sorted(found)
