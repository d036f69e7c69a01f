"""What a contact would read: for the one asked for, for nobody where contacts may not be seen, and never a fault."""

from datetime import UTC, datetime

import pytest

from triggers.admin.builder.previews import Example
from triggers.tests import make
from triggers.tests.admin import visit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
DOCUMENT = make.document()


def test_texts_are_read_by_the_contact_that_is_asked_for() -> None:
    make.contact(first_name="Anna")
    make.tag(make.contact(first_name="Mia", email="mia@example.org"), "Gold")

    assert Example(DOCUMENT, "", NOW).reads("Dear {{ contact.first_name }}") == "Dear Anna"
    mia = Example(DOCUMENT, "mia", NOW)
    assert mia.reads("Dear {{ contact.first_name }}, {{ event.tag }}") == "Dear Mia, Gold"
    assert mia.reads("No field") == mia.reads("{{ broken") == ""


def test_each_merge_field_stands_with_its_value() -> None:
    make.contact(first_name="Anna", last_name="Schmidt")

    parts = dict(Example(DOCUMENT, "", NOW).fields())

    assert ("contact.last_name", "Schmidt") in [(field.name, field.value) for field in parts["Contact"]]
    assert "event.tag" in [field.name for field in parts["This event"]]


def test_without_a_contact_there_are_names_and_no_values() -> None:
    make.contact(first_name="Anna")

    nobody = Example(DOCUMENT, None, NOW)

    assert (nobody.name, nobody.reads("Dear {{ contact.first_name }}")) == ("", "")
    assert not any(field.value for field in dict(nobody.fields())["Contact"])


def test_who_may_not_see_contacts_sees_none_beside_the_texts() -> None:
    make.contact(first_name="Wilhelmina")
    flow = make.workflow(make.action("a1", "task.create", title="Call {{ contact.first_name }}"))
    address = f"/admin/triggers/workflow/{flow.pk}/change/"

    limited = visit.staff("view_workflow", "change_workflow")
    assert "Wilhelmina" not in visit.text(limited, address)
    assert "Wilhelmina" in visit.text(visit.staff("change_workflow", "view_contact", name="other"), address)
