"""contact.changed, as it is stored."""

from datetime import date

import pytest
from django.db.models import F

from contacts.events.contact_changed import WATCHED
from contacts.models import Contact
from contacts.tests import make
from contacts.tests.events.narrowing import refused, starts

pytestmark = pytest.mark.django_db


def test_each_changed_field_is_told_with_its_old_and_new_value() -> None:
    ana = make.user("ana")
    mia = make.contact(city="Bonn")

    mia.city, mia.owner, mia.birth_date, mia.dnd = "Berlin", ana, date(1990, 2, 28), {"email": True}
    mia.save()

    [event] = make.events("contact.changed")
    assert event.data == {"contact_id": mia.pk}
    assert event.changes == {
        "city": {"old": "Bonn", "new": "Berlin"},
        "owner": {"old": None, "new": ana.pk},
        "birth_date": {"old": None, "new": "1990-02-28"},
        "dnd": {"old": {}, "new": {"email": True}},
    }
    assert (event.subject_type, event.subject_id, event.contact_id) == ("contacts.contact", mia.pk, mia.pk)


def test_saving_what_is_so_fires_nothing() -> None:
    mia = make.contact(city="Bonn")

    mia.city = "Bonn"
    mia.save()
    Contact.objects.filter(pk=mia.pk).update(city="Bonn")

    assert make.events("contact.changed") == []


@pytest.mark.parametrize(
    "values", [{"extra_emails": ["a@example.org"]}, {"attribution": {"first": {}}}, {"phone_raw": "030"}]
)
def test_fields_that_nobody_watches_fire_nothing(values: dict[str, object]) -> None:
    mia = make.contact()

    for name, value in values.items():
        setattr(mia, name, value)
    mia.save()

    assert make.events("contact.changed") == []


def test_an_update_of_many_tells_each_that_really_changed() -> None:
    mia, ben = make.contact(score=1), make.contact(score=2)
    make.contact(score=3)

    Contact.objects.filter(pk__in=[mia.pk, ben.pk]).update(score=F("score") * 2 - 2)

    events = make.events("contact.changed")
    assert [(event.contact_id, event.changes) for event in events] == [(mia.pk, {"score": {"old": 1, "new": 0}})]


def test_every_watched_field_is_a_column() -> None:
    assert set(WATCHED) <= {field.name for field in Contact._meta.concrete_fields}


def test_it_is_narrowed_by_the_fields_that_changed() -> None:
    mia = make.contact()
    mia.city, mia.phone = "Ulm", "+4930123456"
    mia.save()
    [event] = make.events("contact.changed")

    assert starts(event, fields=["city", "email"])
    assert not starts(event, fields=["email"])
    assert starts(event, fields=["city", "phone"], match="all")
    assert not starts(event, fields=["city", "email"], match="all")
    assert refused("contact.changed", fields=["shoe_size"]) == [("fields",)]
