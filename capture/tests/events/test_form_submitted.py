"""`form.submitted`: which forms, answers and consents start a workflow."""

import pytest

from capture.events.form_submitted import FormSubmitted, Which
from capture.tests import make
from contacts.models import Contact
from contacts.tests import make as contacts
from triggers import registry, services, sweeping
from triggers.models import Run

pytestmark = pytest.mark.django_db


def test_it_is_in_the_registry() -> None:
    assert registry.events["form.submitted"] is FormSubmitted
    assert (str(FormSubmitted.label), FormSubmitted.section) == ("Form submitted", "Event Triggers")


def test_it_is_narrowed_by_form_and_by_consent() -> None:
    assert FormSubmitted.narrow(Which()) is None
    assert FormSubmitted.narrow(Which(forms=[3])) == {"field": "event.form_id", "op": "is_any_of", "value": [3]}
    assert FormSubmitted.narrow(Which(forms=[3], terms="not_agreed")) == {
        "all": [
            {"field": "event.form_id", "op": "is_any_of", "value": [3]},
            {"field": "event.terms", "op": "is", "value": False},
        ]
    }


def test_a_workflow_starts_for_its_form_and_for_what_was_answered() -> None:
    form, other = make.form("One"), make.form("Two")
    asked = {"field": "event.answers.first_name", "op": "is", "value": "Anna"}
    trigger = {"uid": "t1", "event": "form.submitted", "config": {"forms": [form.pk]}, "conditions": asked}
    tags = {"uid": "a1", "action": "contact.add_tag", "config": {"tags": ["Asked"]}}
    services.publish(services.create("Mine", {"triggers": [trigger], "actions": [tags], "settings": {}}))

    for each, name in ((form, "Anna"), (form, "Jonas"), (other, "Aiko")):
        make.send(each, {"first_name": name, "email": f"{name}@example.org"})
    sweeping.drain()

    assert Run.objects.count() == 1
    assert [each.first_name for each in Contact.objects.all() if contacts.tags_of(each)] == ["Anna"]
