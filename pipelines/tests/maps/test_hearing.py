"""What a journey hears of its contact: mirrored fields by every door, and a new agent."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import services
from contacts.models import Contact, Task
from contacts.tests import make as contacts
from pipelines.maps import verbs
from pipelines.models import Map
from pipelines.tests.maps import make
from triggers.tests import make as engine

pytestmark = pytest.mark.django_db


def by_save(person: Contact, key: str, value: str) -> None:
    if key == "city":
        person.city = value
    else:
        person.custom_fields = {**person.custom_fields, key: value}
    person.save()


def by_bulk(person: Contact, key: str, value: str) -> None:
    values = {"city": value} if key == "city" else {"custom_fields": {**person.custom_fields, key: value}}
    Contact.objects.filter(pk=person.pk).update(**values)


def by_service(person: Contact, key: str, value: str) -> None:
    services.update(person, {key if key == "city" else f"custom_fields.{key}": value})


def by_bulk_update(person: Contact, key: str, value: str) -> None:
    if key == "city":
        person.city = value
    else:
        person.custom_fields = {**person.custom_fields, key: value}
    Contact.objects.bulk_update([person], ["city", "custom_fields"])


@pytest.mark.parametrize("door", [by_save, by_bulk, by_service, by_bulk_update])
@pytest.mark.parametrize("key", ["city", "size"])
def test_a_mirrored_field_completes_its_step_by_every_door(door: Callable[[Contact, str, str], None], key: str) -> None:
    contacts.field("size")
    contacts.field("other")
    journey = make.assigned(f"T1 std a!={'city' if key == 'city' else 'custom_fields.size'} b!=custom_fields.other")
    person = Contact.objects.get(pk=journey.contact_id)

    door(person, key, "Large")

    assert [(make.at(journey, f"T1.{name}").status) for name in "ab"] == ["done", "open"]
    assert make.at(journey, "T1.a").value == "Large"


def test_open_tasks_that_workflows_made_follow_the_agent() -> None:
    ana, ben = engine.user("ana"), engine.user("ben")
    make.attached("map.opened", make.action("a1", "task.create", title="Call"), name="Todo")
    person = make.lead(owner=ana)
    verbs.assign(person.pk, make.a_map("T1 std a!"))
    own = contacts.task(person, "Mine", assignee=ana)
    elsewhere = contacts.task(person, "Carl's", assignee=engine.user("carl"))

    services.update(person, {"owner": ben})

    assert Task.objects.get(title="Call").assignee == ben
    own.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (own.assignee.username, elsewhere.assignee.username) == ("ana", "carl")


def test_a_contact_who_never_was_in_a_map_costs_nothing_and_a_score_neither() -> None:
    person, lead = make.lead(), Contact.objects.get(pk=make.assigned("T1 std a!=city").contact_id)
    stale = Contact.objects.get(pk=make.lead().pk)
    verbs.assign(stale.pk, Map.objects.get())

    def cost(person: Contact, **values: object) -> list[str]:
        for name, value in values.items():
            setattr(person, name, value)
        with CaptureQueriesContext(connection) as queries:
            person.save()
        return [query["sql"] for query in queries if "pipelines_" in query["sql"]]

    assert (cost(person, company="Two"), cost(person, score=5), cost(lead, score=5)) == ([], [], [])
    assert cost(lead, company="Two")
    # Loaded before it was put into the map: the row under its lock knows.
    assert cost(stale, company="Two")
