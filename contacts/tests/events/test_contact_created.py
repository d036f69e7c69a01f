"""contact.created, as it is stored."""

import pytest

from contacts.models import Contact
from contacts.tests import make
from triggers.context import act_as, quiet

pytestmark = pytest.mark.django_db


def test_a_new_contact_is_told_with_who_made_it() -> None:
    ana = make.user("ana")

    with act_as(actor="api", actor_id="7", origin="api"):
        mia = make.contact(last_name="Berg", phone="+4930123456", country="DE", source="Fair", owner=ana)

    [event] = make.events("contact.created")
    assert event.data == {
        "contact_id": mia.pk, "first_name": "Mia", "last_name": "Berg", "email": "mia@example.org",
        "phone": "+4930123456", "country": "DE", "source": "Fair", "owner_id": ana.pk,
    }  # fmt: skip
    assert (event.subject_type, event.subject_id, event.contact_id) == ("contacts.contact", mia.pk, mia.pk)
    assert (event.actor, event.actor_id, event.origin, event.changes) == ("api", "7", "api", {})


def test_contacts_made_in_bulk_are_each_told() -> None:
    made = Contact.objects.bulk_create([Contact(first_name="Mia"), Contact(first_name="Ben")])

    events = make.events("contact.created")
    assert [(event.contact_id, event.data["first_name"], event.data["owner_id"]) for event in events] == [
        (made[0].pk, "Mia", None),
        (made[1].pk, "Ben", None),
    ]


def test_a_quiet_import_is_recorded_but_starts_nothing() -> None:
    with quiet("import 42"):
        make.contact()

    [event] = make.events("contact.created")
    assert (event.muted, event.origin, event.matched_at is not None) == (True, "import 42", True)


def test_a_save_of_an_existing_contact_is_no_creation() -> None:
    mia = make.contact()

    mia.city = "Berlin"
    mia.save()

    assert len(make.events("contact.created")) == 1
