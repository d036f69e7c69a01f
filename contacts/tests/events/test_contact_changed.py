"""contact.changed, as it is stored."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from contacts import services
from contacts.events.contact_changed import WATCHED
from contacts.models import Contact
from contacts.tests import make
from contacts.tests.events.narrowing import refused, starts
from triggers import sweeping
from triggers.evidence import gather
from triggers.tests import make as engine
from triggers.wording import telling

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
    mia, ben = make.contact(city="ulm"), make.contact(city="BONN")
    make.contact(city="essen")

    Contact.objects.filter(pk__in=[mia.pk, ben.pk]).update(city=Upper("city"))

    events = make.events("contact.changed")
    assert [(event.contact_id, event.changes) for event in events] == [(mia.pk, {"city": {"old": "ulm", "new": "ULM"}})]


def test_a_score_is_told_by_its_own_event_alone() -> None:
    mia = make.contact(score=1)

    services.update(mia, {"score": 5})
    services.update(mia, {"score": 7, "city": "Ulm"})

    assert [event.changes for event in make.events("contact.changed")] == [{"city": {"old": "", "new": "Ulm"}}]
    assert [event.data["new_score"] for event in make.events("contact.engagement_score_changed")] == [5, 7]
    assert refused("contact.changed", fields=["score"]) == [("fields",)]


def test_every_watched_field_is_a_column() -> None:
    assert set(WATCHED) <= {field.name for field in Contact._meta.concrete_fields}


def test_a_custom_field_is_told_by_itself_through_every_door() -> None:
    make.field("size", "number")
    make.field("budget", "money", currency="EUR")
    mia = make.contact(custom_fields={"size": 40, "old": "x"})

    services.update(mia, {"custom_fields.size": 41, "custom_fields.budget": "50"})
    Contact.objects.update(custom_fields={"size": 41})
    mia.refresh_from_db()
    mia.custom_fields, mia.yearless_birthday = {"size": 41, "on": True}, "05-17"
    mia.save()

    assert [event.changes for event in make.events("contact.changed")] == [
        {
            "custom_fields.size": {"old": 40, "new": 41},
            "custom_fields.budget": {"old": None, "new": "50.00"},
            "custom_fields.budget_currency": {"old": None, "new": "EUR"},
        },
        {
            "custom_fields.budget": {"old": "50.00", "new": None},
            "custom_fields.budget_currency": {"old": "EUR", "new": None},
            "custom_fields.old": {"old": "x", "new": None},
        },
        {
            "yearless_birthday": {"old": "", "new": "05-17"},
            "custom_fields.on": {"old": None, "new": True},
        },
    ]


@pytest.mark.parametrize(
    ("key", "op", "value", "before", "after", "passes"),
    [
        ("size", "changed", None, 40, 41, True),
        ("size", "changed", None, 40, 40, False),
        ("size", "crossed_up", 41, 40, "41", True),
        ("size", "increased", None, 41, 40, False),
        ("size", "was_set", None, None, 41, True),
        ("size", "was_cleared", None, 41, None, True),
        ("budget", "crossed_up", "50", "49.99", "50", True),
        ("budget", "changed_from_to", ["10", "20"], "10", "20", True),
        ("day", "changed_to", "2026-05-17", None, "2026-05-17", True),
        ("day", "changed_to", "2026-05-17", None, "2026-05-18", False),
        ("tier", "changed_to", "gold", "silver", "Gold", True),
        ("tier", "changed_from", "gold", "silver", "gold", False),
        ("likes", "changed", None, ["tea"], ["tea", "oak"], True),
        ("likes", "was_set", None, None, ["tea"], True),
        ("vip", "changed_to", True, False, True, True),
    ],
)
def test_change_operators_work_on_a_single_custom_field(
    key: str, op: str, value: Any, before: Any, after: Any, passes: bool
) -> None:
    for name, kind in (("size", "number"), ("budget", "money"), ("day", "date"), ("vip", "yesno")):
        make.field(name, kind, currency="EUR")
    make.field("tier", "choice", choices=["silver", "gold"])
    make.field("likes", "multi_choice", choices=["tea", "oak"])
    mia = make.contact()
    services.update(mia, {f"custom_fields.{key}": before, "city": "Bonn"})
    leaf = {"field": f"event.custom_fields.{key}", "op": op, "value": value}
    flow = engine.workflow(triggers=[{"uid": "t1", "event": "contact.changed", "config": {}, "conditions": leaf}])

    services.update(mia, {f"custom_fields.{key}": after, "city": "Berlin"})
    sweeping.drain()

    assert len(engine.runs(flow)) == passes


def test_many_changes_cost_one_look_at_the_definitions() -> None:
    make.field("size", "number")
    for n in range(5):
        services.update(make.contact(), {"custom_fields.size": n})
    events = make.events("contact.changed")

    with CaptureQueriesContext(connection) as queries:
        facts = gather(events, ["contact"])

    stamps = [query for query in queries if "fieldstamp" in query["sql"]]
    assert len(stamps) == 2  # once for the events, once for the contacts
    assert facts[events[4].pk]["event.custom_fields.size"] == (None, 4)


def test_the_words_name_the_field() -> None:
    make.field("size", "choice", label="Shoe size", choices=[{"value": "s", "label": "Small"}])
    mia = make.contact()

    services.update(mia, {"custom_fields.size": "s"})

    [event] = make.events("contact.changed")
    assert telling.details(event) == "Shoe size: empty → Small"


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
