"""What conditions and messages learn about contacts, notes and tasks."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from contacts.facts import ContactFacts, NoteFacts, TaskFacts
from contacts.tests import make
from triggers.facts import Facts

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_a_contacts_facts() -> None:
    ana = make.user("ana", first_name="Ana", last_name="Roth", email="ana@example.org")
    mia = make.contact(
        last_name="Berg", phone="+4930123456", owner=ana, birth_date=date(1990, 2, 28), score=3, lead_status="won",
        channel="form", dnd={"sms": True}, country="DE", time_zone="Europe/Berlin", created_at=MOMENT,
    )  # fmt: skip
    make.tag("VIP", on=mia)
    make.tag("Berlin", on=mia)
    make.tag("Other", on=make.contact())

    facts = ContactFacts().load([mia.pk])

    assert facts == {
        mia.pk: {
            "id": mia.pk, "first_name": "Mia", "last_name": "Berg", "name": "Mia Berg", "email": "mia@example.org",
            "phone": "+4930123456", "company": None, "job_title": None, "website": None, "street": None,
            "city": None, "state": None, "postal_code": None, "country": "DE", "time_zone": "Europe/Berlin",
            "language": None, "birth_date": date(1990, 2, 28), "source": None, "external_id": None,
            "owner": ana.pk, "owner_name": "Ana Roth", "owner_email": "ana@example.org", "lead_status": "won",
            "channel": "form", "score": 3, "created_at": MOMENT, "tags": {"VIP", "Berlin"}, "dnd_all": False,
            "dnd_email": False, "dnd_sms": True, "dnd_call": False, "dnd_whatsapp": False,
            "dnd_facebook": False, "dnd_gmb": False, "birthday": "02-28", "birth_month": 2, "birth_day": 28,
        }
    }  # fmt: skip


def test_a_contact_without_owner_and_tags() -> None:
    mia = make.contact()

    facts = ContactFacts().load([mia.pk])[mia.pk]

    assert (facts["owner"], facts["owner_name"], facts["owner_email"], facts["tags"]) == (None, None, None, set())


def test_an_owner_without_a_name_is_called_by_the_username() -> None:
    mia = make.contact(owner=make.user("ana"))

    assert ContactFacts().load([mia.pk])[mia.pk]["owner_name"] == "ana"


def test_a_contact_closed_altogether_is_closed_on_every_channel() -> None:
    mia = make.contact(dnd={"all": True})

    facts = ContactFacts().load([mia.pk])[mia.pk]

    assert {name: value for name, value in facts.items() if name.startswith("dnd_")} == dict.fromkeys(
        ("dnd_all", "dnd_email", "dnd_sms", "dnd_call", "dnd_whatsapp", "dnd_facebook", "dnd_gmb"), True
    )


def test_a_contact_that_is_gone_has_no_facts() -> None:
    assert ContactFacts().load([404]) == {}


def test_many_contacts_take_as_many_queries_as_one() -> None:
    ids = [make.contact(owner=make.user(f"u{n}")).pk for n in range(5)]

    with CaptureQueriesContext(connection) as queries:
        facts = ContactFacts().load(ids)

    assert len(facts) == 5
    assert len(queries) == 3


def test_which_contacts_there_are() -> None:
    mia, ben = make.contact(), make.contact()

    assert ContactFacts().existing([mia.pk, ben.pk, 404]) == {mia.pk, ben.pk}


def test_a_scan_goes_through_the_contacts_a_sieve_lets_through_in_order() -> None:
    first, second, third = (make.contact(score=score) for score in (1, 2, 2))
    make.contact(score=3)

    facts = ContactFacts()

    assert facts.ids(Q(score__lt=3), 0, 2) == [first.pk, second.pk]
    assert facts.ids(Q(score__lt=3), second.pk, 2) == [third.pk]


def test_a_notes_facts() -> None:
    ana = make.user()
    note = make.note(make.contact(), "Wants a call", author=ana, created_at=MOMENT)

    facts = NoteFacts().load([note.pk])

    assert facts == {note.pk: {"body": "Wants a call", "author": ana.pk, "created_at": MOMENT}}


def test_a_tasks_facts() -> None:
    ana = make.user()
    task = make.task(None, "Call", description="At noon", assignee=ana, due_at=MOMENT, priority=3)

    facts = TaskFacts().load([task.pk])

    assert facts == {
        task.pk: {
            "title": "Call", "description": "At noon", "assignee": ana.pk, "due_at": MOMENT, "priority": 3,
            "completed_at": None,
        }
    }  # fmt: skip


def test_the_contact_of_an_event_is_its_own_or_the_one_a_run_goes_on_with() -> None:
    assert ContactFacts().id_of({"contact_id": 1}, 2) == 2
    assert NoteFacts().id_of({"note_id": 5, "contact_id": 1}, 1) == 5
    assert TaskFacts().id_of({"contact_id": 1}, 1) is None


@pytest.mark.parametrize("source", [ContactFacts(), NoteFacts(), TaskFacts()])
def test_every_declared_field_is_loaded_and_every_loaded_one_declared(source: Facts) -> None:
    mia = make.contact()
    row = {"contact": mia, "note": make.note(mia), "task": make.task(mia)}[source.namespace]

    assert source.load([row.pk])[row.pk].keys() == source.fields().keys()


def test_a_choice_offers_its_values() -> None:
    fields = ContactFacts().fields()

    assert fields["lead_status"].choices == (("open", "Open"), ("closed", "Closed"), ("won", "Won"), ("lost", "Lost"))
    assert fields["channel"].choices == (("form", "Form"), ("phone", "Phone"))


def test_counting_and_holding_go_by_the_database() -> None:
    mia, _other = make.contact(), make.contact(email="other@example.org")
    make.tag("VIP", on=mia)
    facts = ContactFacts()

    held = facts.holding("tags", ["vip"])

    assert (facts.count(Q()), facts.count(held), facts.count(facts.holding("tags", ["Gold"]))) == (2, 1, 0)
    assert facts.holding("custom_fields.interests", ["Kitchen"]) is None
