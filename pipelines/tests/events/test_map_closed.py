"""map.closed: the lead status becomes closed, won or lost, by whatever door."""

from typing import Any

import pytest

from contacts import services
from contacts.models import Contact
from pipelines.maps import verbs
from pipelines.models import Journey
from pipelines.tests.maps import make
from triggers.models import Run

pytestmark = pytest.mark.django_db


def by_service(person: Contact) -> None:
    services.update(person, {"lead_status": "lost"})


def by_form(person: Contact) -> None:
    person.lead_status = "lost"
    person.save()


def by_bulk_update(person: Contact) -> None:
    Contact.objects.filter(pk=person.pk).update(lead_status="lost")


def by_verb(person: Contact) -> None:
    verbs.close(person.pk, "lost")


@pytest.mark.parametrize("door", [by_service, by_form, by_bulk_update, by_verb])
def test_a_status_closes_the_map_by_whatever_door(door: Any) -> None:
    journey = make.assigned("T1 std a!")

    door(Contact.objects.get(pk=journey.contact_id))

    journey.refresh_from_db()
    [event] = make.events("map.closed")
    assert (event.data["outcome"], event.dedup_key) == ("lost", f"map.closed:{journey.pk}:lost")
    assert (journey.status, journey.outcome, journey.is_current) == (Journey.Status.CLOSED, "lost", True)
    assert journey.tracks.get().status == "open"
    assert Contact.objects.get(pk=journey.contact_id).lead_status == "lost"


def test_a_change_that_is_rolled_back_leaves_nothing() -> None:
    from django.db import transaction

    journey = make.assigned("T1 std a!")

    with transaction.atomic():
        by_bulk_update(Contact.objects.get(pk=journey.contact_id))
        transaction.set_rollback(True)

    journey.refresh_from_db()
    assert (journey.status, make.events("map.closed")) == ("open", [])


def test_a_trigger_on_any_outcome_starts_once_in_a_journey_a_named_one_once_for_its_own() -> None:
    flows = {name: make.attached("map.closed", name=name, outcome=name) for name in ("any", "lost", "won")}
    journey = make.assigned("T1 std a!")
    person = Contact.objects.get(pk=journey.contact_id)

    for status in ("lost", "open", "won", "lost"):
        services.update(person, {"lead_status": status})

    ran = {name: [run.event.data["outcome"] for run in done(flow)] for name, flow in flows.items()}
    assert ran == {"any": ["lost"], "lost": ["lost"], "won": ["won"]}
    assert len(make.events("map.closed")) == 2


def test_any_outcome_counts_anew_in_the_next_journey() -> None:
    flow = make.attached("map.closed")
    journey = make.assigned("T1 std a!")
    other = make.a_map("X std b!", name="Other")
    verbs.close(journey.contact_id, "lost")

    verbs.assign(journey.contact_id, other)
    verbs.close(journey.contact_id, "lost")

    assert [run.event.data["map"] for run in done(flow)] == ["M", "Other"]


def test_the_reason_of_a_closing_is_told() -> None:
    journey = make.assigned("T1 std a!")

    verbs.close(journey.contact_id, "lost", "Too expensive")

    journey.refresh_from_db()
    assert (journey.reason, make.events("map.closed")[0].data["reason"]) == ("Too expensive", "Too expensive")


def test_a_lead_in_no_map_closes_none() -> None:
    by_service(make.lead())

    assert make.events("map.closed") == []


def done(flow: Any) -> list[Run]:
    runs = Run.objects.filter(workflow=flow).exclude(status=Run.Status.SKIPPED).select_related("event")
    return list(runs.order_by("pk"))
