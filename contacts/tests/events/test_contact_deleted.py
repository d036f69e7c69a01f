"""contact.deleted, as it is stored, and that a workflow starts for it though the contact is gone."""

import pytest

from contacts.models import Contact
from contacts.tests import make
from triggers import sweeping
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db

DELETED = {"uid": "t1", "event": "contact.deleted", "config": {}, "conditions": None}


def test_a_deleted_contact_is_told_with_its_name() -> None:
    mia = make.contact(last_name="Berg", phone="+4930123456")
    contact_id = mia.pk

    mia.delete()

    [event] = make.events("contact.deleted")
    assert event.data == {
        "contact_id": contact_id, "first_name": "Mia", "last_name": "Berg", "email": "mia@example.org",
        "phone": "+4930123456",
    }  # fmt: skip
    assert (event.subject_type, event.subject_id, event.contact_id) == ("contacts.contact", contact_id, contact_id)


def test_contacts_deleted_in_bulk_are_each_told() -> None:
    make.contact(), make.contact(first_name="Ben")

    Contact.objects.all().delete()

    assert sorted(event.data["first_name"] for event in make.events("contact.deleted")) == ["Ben", "Mia"]


def test_a_workflow_runs_for_it() -> None:
    flow = engine.workflow(
        engine.action("a1", "data.format", into="line", template="Bye, {{ event.first_name }}"), triggers=[DELETED]
    )
    make.contact().delete()

    sweeping.drain()

    [run] = engine.runs(flow)
    assert (run.status, run.vars["line"]) == ("done", "Bye, Mia")
