"""What a batch of runs costs to write: as many statements for many runs as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, Tag, Tagging
from triggers.matching import match
from triggers.running import run
from triggers.tests import make

pytestmark = pytest.mark.django_db

SEEN = make.action("a1", "data.set", values={"seen": "{{ contact.first_name }}"})


def statements(people: int) -> int:
    """How many statements it takes to walk the runs of so many newly tagged contacts."""
    tag, _made = Tag.objects.get_or_create(name="VIP")
    contacts = Contact.objects.bulk_create([Contact(first_name=f"Anna {n}") for n in range(people)])
    Tagging.objects.bulk_create([Tagging(contact=contact, tag=tag) for contact in contacts])
    while match.match_due():
        pass
    with CaptureQueriesContext(connection) as captured:
        assert run.run_due() == people
    return len(captured)


def test_more_runs_take_no_more_statements() -> None:
    make.workflow(SEEN)
    statements(1)

    few, many = statements(2), statements(20)

    assert many == few


def test_each_run_keeps_its_own_variables() -> None:
    flow = make.workflow(SEEN, make.action("a2", "data.set", values={"line": "It's “{{ vars.seen }}”, 100 %"}))

    statements(3)

    assert [done.vars["line"] for done in make.runs(flow)] == [f"It's “Anna {n}”, 100 %" for n in range(3)]
    assert {done.status for done in make.runs(flow)} == {"done"}
