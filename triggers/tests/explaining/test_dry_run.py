"""Dry run: what would start and what it would do, on a simulated clock, with nothing written or sent."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from triggers.explaining import examples
from triggers.explaining.dry_run import dry_run
from triggers.tests import make

pytestmark = pytest.mark.django_db

GERMAN = {"field": "contact.country", "op": "is", "value": "DE"}
FLOW = make.document(
    make.action("a1", "data.set", values={"who": "{{ contact.first_name }}"}),
    {
        **make.action("w", "wait.for_event", event="note.added", days=2),
        "outcomes": {
            "happened": [make.action("yes", "run.stop", reason="Answered.")],
            "timeout": [make.action("no", "data.format", into="line", template="No word, {{ vars.who }}?")],
        },
    },
    triggers=[{**make.TAGGED, "conditions": GERMAN}],
)


def test_it_tells_what_would_happen_and_when() -> None:
    anna, now = make.contact(country="DE"), timezone.now()
    event = examples.event("contact.tag_added", contact_id=anna.pk)

    found = dry_run(FLOW, event, now=now)

    assert found.starts is True
    assert [(step.uid, step.outcome, step.at - now) for step in found.steps] == [
        ("a1", "", timedelta(0)),
        ("w", "timeout", timedelta(0)),
        ("no", "", timedelta(days=2)),
    ]
    assert found.steps[-1].text == "line is “No word, Anna?”."


def test_waits_end_as_asked() -> None:
    anna = make.contact(country="DE")

    found = dry_run(FLOW, examples.event("contact.tag_added", contact_id=anna.pk), answers={"w": "happened"})

    assert [step.uid for step in found.steps] == ["a1", "w", "yes"]


def test_it_tells_why_it_would_not_start_and_plays_on() -> None:
    anna = make.contact(country="FR")

    found = dry_run(FLOW, examples.event("contact.tag_added", contact_id=anna.pk))

    assert found.starts is False
    assert found.triggers[0]["reason"] == "Country was France, and the workflow asks for: country is Germany."
    assert len(found.steps) == 3


def test_it_writes_nothing() -> None:
    anna = make.contact(country="DE")
    event = examples.event("contact.tag_added", contact_id=anna.pk)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        dry_run(FLOW, event)

    written = [q["sql"] for q in queries if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert written == []
