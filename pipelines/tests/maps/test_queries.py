"""What an act costs the database: counted, and the same however large the map's history is."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from pipelines.maps import verbs
from pipelines.models import Journey, JourneyStep
from pipelines.tests.maps import make
from triggers.models import Run

pytestmark = pytest.mark.django_db


def letters(start: int, count: int) -> str:
    return " ".join(f"s{n}!" for n in range(start, start + count))


def attach_thirty() -> None:
    for n, step in enumerate(JourneyStep._meta.get_field("step").related_model.objects.order_by("pk")):
        make.attached(
            "step.opened", make.action("a1", "note.create", body="x"), name=f"F{n}", step=step.pk, track=step.track_id
        )


def test_an_assignment_of_three_tracks_thirty_steps_and_thirty_workflows() -> None:
    made = make.a_map(f"V1 video {letters(0, 10)}", f"V2 video {letters(10, 10)}", f"T1 std {letters(20, 10)}")
    attach_thirty()
    verbs.assign(make.lead(email="warm@example.org").pk, made)
    person = make.lead()

    with CaptureQueriesContext(connection) as queries:
        verbs.assign(person.pk, made)

    began = [query["sql"] for query in queries if query["sql"] in ("BEGIN", "COMMIT")]
    assert Run.objects.filter(contact_id=person.pk, status="done").count() == 30
    assert person.notes.count() == 30
    assert began in ([], ["BEGIN", "COMMIT"]), "it is one transaction"
    # Most of them are the thirty notes themselves: each locks its contact and records its own event.
    assert len(queries) <= 150, len(queries)


def test_thirty_steps_cost_hardly_more_than_three() -> None:
    counts = []
    for name, size in (("S", 1), ("L", 10)):
        made = make.a_map(*[f"{name}{n} {kind} {letters(0, size)}" for n, kind in enumerate(("video", "video", "std"))],
                          name=name)  # fmt: skip
        verbs.assign(make.lead(email=f"{name}@warm.org").pk, made)
        person = make.lead(email=f"{name}@example.org")
        with CaptureQueriesContext(connection) as queries:
            verbs.assign(person.pk, made)
        counts.append(len(queries))

    assert counts[1] == counts[0]
    assert counts[0] <= 60


def test_a_step_costs_the_same_however_many_journeys_there_are() -> None:
    journey = make.assigned("T1 std a! b! c! d!")
    counts: list[int] = []

    def complete(name: str) -> None:
        with CaptureQueriesContext(connection) as queries:
            verbs.complete(journey.contact_id, make.step(name))
        counts.append(len(queries))

    verbs.complete(journey.contact_id, make.step("T1.d"))
    complete("T1.a")
    others: Any = Contact.objects.bulk_create([Contact(first_name="n") for _n in range(200)])
    Journey.objects.bulk_create([Journey(contact=each, map=journey.map) for each in others])
    complete("T1.b")

    assert counts[1] == counts[0]
    assert counts[0] <= 40, counts
