"""contact.created, as it is stored."""

import pytest

from contacts.models import Contact
from contacts.tests import make
from contacts.tests.events.narrowing import starts
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
        "attribution": {},
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


@pytest.mark.parametrize(
    ("who", "origin"),
    [
        ({"actor": "user", "actor_id": "1", "origin": "admin"}, "manual"),
        ({"actor": "api", "origin": "api"}, "api"),
        ({"actor": "user", "actor_id": "1", "origin": "api"}, "api"),
        ({"actor": "import", "origin": "import 42"}, "import"),
        ({"actor": "workflow", "origin": "workflow:3"}, "workflow"),
        ({"actor": "provider", "origin": "form:contact-us"}, "form"),
        ({"actor": "provider", "origin": "Website"}, "integration"),
        ({"actor": "system", "origin": ""}, "system"),
    ],
)
def test_it_is_narrowed_by_where_the_contact_came_from(who: dict[str, str], origin: str) -> None:
    with act_as(**who):
        make.contact()

    [event] = make.events("contact.created")
    all_origins = ("manual", "form", "api", "import", "integration", "workflow", "system")
    assert [each for each in all_origins if starts(event, origins=[each])] == [origin]
    assert starts(event, origins=["manual", origin])


def test_it_is_narrowed_by_the_tags_of_the_contact() -> None:
    mia = make.contact()
    make.tag("VIP", mia)

    [event] = make.events("contact.created")

    assert starts(event, tags=["vip", "Other"])
    assert not starts(event, tags=["Other"])
