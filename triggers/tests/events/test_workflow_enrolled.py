"""workflow.enrolled: told of whoever is put into a workflow on purpose, and starting nothing else."""

import pytest
from django.utils import timezone

from triggers import sweeping
from triggers.explaining import enrolling
from triggers.models import Event
from triggers.tests import make

pytestmark = pytest.mark.django_db
OTHERWISE = [{"uid": "t1", "event": "note.added", "config": {}, "conditions": None}]
ENROLLED = [{"uid": "t1", "event": "workflow.enrolled", "config": {}, "conditions": None}]


def test_it_names_the_workflow_and_the_contact() -> None:
    flow, anna = make.workflow(triggers=OTHERWISE), make.contact()

    run = enrolling.enrol(flow, anna.pk, timezone.now())

    event = make.last_event("workflow.enrolled")
    assert event.data == {"workflow_id": flow.pk, "contact_id": anna.pk}
    assert (event.contact_id, event.subject_type, event.subject_id) == (anna.pk, "contacts.contact", anna.pk)
    assert (run.event_id, run.contact_id) == (event.pk, anna.pk)


def test_it_starts_the_workflow_it_names_and_no_other() -> None:
    flow = make.workflow(triggers=OTHERWISE)
    listening = make.workflow(name="Listening", triggers=ENROLLED)

    enrolling.enrol(flow, make.contact().pk, timezone.now())
    sweeping.drain()

    assert (len(make.runs(flow)), make.runs(listening)) == (1, [])
    assert Event.objects.get(type="workflow.enrolled").muted is True
