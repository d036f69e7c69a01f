"""Records become contacts: each person once, and what is there is filled, overwritten or left."""

from typing import Any

import pytest

from contacts.importing.writing import Policy, whose, write
from contacts.models import Contact, Note
from contacts.tests import make

pytestmark = pytest.mark.django_db


def kinds(records: list[dict[str, Any]], *match: str, update: str = "fill", **policy: Any) -> list[str]:
    chosen = Policy(match or Policy.match, update, **policy)
    from django.db import transaction

    with transaction.atomic():
        return [outcome.kind for outcome in write(records, chosen)]


def test_the_same_person_twice_is_one_contact() -> None:
    found = kinds([
        {"first_name": "Mia", "email": "mia@example.org"},
        {"first_name": "Mia", "email": "MIA@example.org", "city": "Ulm"},
        {"first_name": "Tom", "external_id": "7"},
        {"external_id": "7", "email": "tom@example.org"},
        {"email": "tom@example.org", "company": "Acme"},
    ])  # fmt: skip

    assert found == ["created", "updated", "created", "updated", "updated"]
    mia, tom = Contact.objects.order_by("pk")
    assert (mia.email, mia.city) == ("mia@example.org", "Ulm")
    assert (tom.first_name, tom.external_id, tom.email, tom.company) == ("Tom", "7", "tom@example.org", "Acme")
    assert len(make.events("contact.created")) == 2


def test_who_shares_a_phone_is_somebody_else_where_name_or_email_differ() -> None:
    number = "+4930123456"
    found = kinds([
        {"first_name": "Mia", "phone": number},
        {"first_name": "Tom", "phone": number},
        {"first_name": "MIA", "phone": number, "email": "mia@example.org"},
        {"phone": number, "email": "other@example.org"},
    ])  # fmt: skip

    assert found == ["created", "created", "updated", "updated"]
    assert list(Contact.objects.order_by("pk").values_list("first_name", "email")) == [
        ("Mia", "mia@example.org"), ("Tom", "other@example.org"),
    ]  # fmt: skip


def test_the_surest_key_counts() -> None:
    by_mail = make.contact(first_name="", email="a@example.org")
    by_id = make.contact(first_name="", email="", external_id="7")

    assert kinds([{"external_id": "7", "email": "a@example.org", "city": "Ulm"}]) == ["updated"]
    assert whose([{"email": "A@example.org"}, {"external_id": "8"}], ["email"]) == [by_mail, None]
    by_id.refresh_from_db()
    assert (by_id.city, by_id.email) == ("Ulm", "a@example.org")


@pytest.mark.parametrize(
    ("update", "kind", "city", "company", "custom"),
    [
        ("never", "unchanged", "Ulm", "", {"size": "L"}),
        ("fill", "updated", "Ulm", "Acme", {"size": "L", "color": "red"}),
        ("overwrite", "updated", "Bonn", "Acme", {"size": "M", "color": "red"}),
    ],
)
def test_what_is_there_is_treated_as_staff_say(update: str, kind: str, city: str, company: str, custom: Any) -> None:
    mia = make.contact(city="Ulm", phone="+4930111111", phone_raw="030 111111", custom_fields={"size": "L"})
    record = {
        "email": mia.email, "city": "Bonn", "company": "Acme", "phone": "+4930111111", "phone_raw": "(030) 111 111",
        "custom_fields": {"size": "M", "color": "red"},
    }  # fmt: skip

    assert kinds([record], update=update) == [kind]
    mia.refresh_from_db()
    assert (mia.city, mia.company, mia.custom_fields, mia.phone_raw) == (city, company, custom, "030 111111")
    assert len(make.events("contact.changed")) == (update != "never")


def test_a_second_time_changes_nothing_and_tells_nothing() -> None:
    record = {"email": "mia@example.org", "city": "Ulm", "extra_emails": ["b@example.org"], "+note": "Hello"}

    assert kinds([record], update="overwrite") == ["created"]
    assert kinds([record], update="overwrite") == ["unchanged"]
    assert make.events("contact.changed") == []
    assert Note.objects.count() == 1


def test_a_closed_channel_is_never_opened() -> None:
    mia = make.contact(dnd={"sms": True})

    kinds([{"email": mia.email, "dnd": {"email": True}}], update="overwrite")

    mia.refresh_from_db()
    assert mia.dnd == {"sms": True, "email": True}


def test_tags_come_on_everyone_once() -> None:
    mia = make.contact()
    make.tag("vip", mia)

    kinds([{"email": mia.email, "+tags": ["VIP", "Fair"]}, {"first_name": "Tom"}], tags=("Import",))

    assert make.tags_of(mia) == {"vip", "Fair", "Import"}
    assert make.tags_of(Contact.objects.get(first_name="Tom")) == {"Import"}
    assert len(make.events("contact.tag_added")) == 4


def test_a_thousand_records_take_as_many_statements_as_ten(django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(count: int, start: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            kinds([{"email": f"p{start + n}@example.org", "external_id": f"x{start + n}"} for n in range(count)])
        return len(seen)

    few = asked(10, 0)
    assert asked(1000, 100) <= few + 150
