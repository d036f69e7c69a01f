"""Up to 1,000 contacts in one request: each judged by itself, and told of by itself."""

from typing import Any

import pytest

from contacts.models import Contact
from contacts.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/contacts/bulk/"


def post(body: Any, **headers: str) -> Any:
    return calls.client("contacts:write").post(ADDRESS, body, headers=headers)


def test_each_item_gets_its_own_result() -> None:
    make.field("size", "number")
    there = make.contact(email="there@example.org", city="Ulm")

    answer = post({"items": [
        {"first_name": "Mia", "email": "mia@example.org", "phone": "030 901820", "country": "de", "tags": ["VIP"],
         "birth_date": "--05-17"},
        {"email": "THERE@example.org", "city": "Bonn", "custom_fields": {"size": 3}},
        {"email": "broken", "phone": "12", "custom_fields": {"size": "L"}},
        "no object",
        {"city": "Ulm"},
        {"first_name": "Mia", "email": "mia@example.org"},
        {"first_name": "X", "colour": "red", "score": 5},
    ]})  # fmt: skip

    found = answer.json()
    assert answer.status_code == 200, found
    assert [each["result"] for each in found["results"]] == [
        "created", "updated", "error", "error", "error", "unchanged", "error",
    ]  # fmt: skip
    assert (found["created"], found["updated"], found["unchanged"], found["refused"]) == (1, 1, 1, 4)
    mia = Contact.objects.get(email="mia@example.org")
    assert found["results"][0] == {"index": 0, "result": "created", "id": mia.pk, "errors": []}
    assert found["results"][5]["id"] == mia.pk
    assert (mia.phone, mia.country, make.tags_of(mia)) == ("+4930901820", "DE", {"VIP"})
    assert (mia.birth_date, mia.yearless_birthday) == (None, "05-17")
    there.refresh_from_db()
    assert (there.city, there.custom_fields) == ("Bonn", {"size": 3})
    assert {(e["pointer"], e["field"]) for e in found["results"][2]["errors"]} == {
        ("#/items/2/email", "items[2].email"), ("#/items/2/phone", "items[2].phone"),
        ("#/items/2/custom_fields/size", "items[2].custom_fields.size"),
    }  # fmt: skip
    assert {e["field"] for e in found["results"][6]["errors"]} == {"items[6].colour", "items[6].score"}
    assert Contact.objects.count() == 2
    told = make.events("contact.created")[-1]
    assert (told.actor, told.origin, told.muted, told.lane) == ("api", "api", False, 2)


def test_a_thousand_are_taken_and_one_more_is_not() -> None:
    for n in range(20):
        make.field(f"field_{n}", "number")
    items = [{"first_name": f"P{n}", "email": f"p{n}@example.org", **_all_fields()} for n in range(1001)]

    answer = post({"items": items[:1000]})
    assert (answer.status_code, answer.json()["created"]) == (200, 1000)
    assert post({"items": items}).status_code == 400
    assert post({"items": []}).status_code == 400
    assert Contact.objects.count() == 1000


def _all_fields() -> dict[str, Any]:
    names = ("last_name", "company", "job_title", "street", "city", "state", "postal_code", "source", "language")
    texts = dict.fromkeys(names, "Text")
    return {**texts, "custom_fields": {f"field_{n}": n for n in range(20)}, "country": "DE", "dnd": {"sms": True}}


def test_a_key_makes_it_happen_once() -> None:
    client = calls.client("contacts:write")
    body = {"items": [{"first_name": "Mia"}], "match": []}

    first = client.post(ADDRESS, body, headers={"Idempotency-Key": "k1"})
    second = client.post(ADDRESS, body, headers={"Idempotency-Key": "k1"})

    assert (first.json(), second["Idempotent-Replay"]) == (second.json(), "true")
    assert Contact.objects.count() == 1
    assert (
        client.post(ADDRESS, {"items": [{"first_name": "Tom"}]}, headers={"Idempotency-Key": "k1"}).status_code == 422
    )


def test_without_match_every_item_is_new() -> None:
    make.contact(email="mia@example.org")

    assert post({"items": [{"email": "mia@example.org"}] * 2, "match": []}).json()["created"] == 2
    assert Contact.objects.count() == 3


@pytest.mark.parametrize(("update", "result", "city"), [("never", "unchanged", "Ulm"), ("fill", "unchanged", "Ulm")])
def test_what_is_there_can_be_left(update: str, result: str, city: str) -> None:
    mia = make.contact(city="Ulm")

    assert (
        post({"items": [{"email": mia.email, "city": "Bonn"}], "update": update}).json()["results"][0]["result"]
        == result
    )
    mia.refresh_from_db()
    assert mia.city == city


def test_null_clears_a_field_and_an_empty_text_does_not() -> None:
    make.field("size", "number"), make.field("tier")
    mia = make.contact(
        phone="+4930901820", phone_raw="030 901820", city="Ulm", company="Berg", owner=make.user("ana"),
        yearless_birthday="05-17", extra_emails=["m@work.example"], dnd={"sms": True},
        custom_fields={"size": 3, "tier": "gold"},
    )  # fmt: skip
    item = {"email": mia.email, "city": "", "first_name": "Mia", "dnd": None, "custom_fields": {"size": None}}
    cleared = dict.fromkeys(("phone", "company", "owner", "birth_date", "extra_emails"))

    assert post({"items": [{**item, **cleared}], "update": "fill"}).json()["unchanged"] == 1
    assert post({"items": [{**item, **cleared}]}).json()["updated"] == 1

    mia.refresh_from_db()
    assert (mia.phone, mia.phone_raw, mia.company, mia.owner, mia.birthday, mia.extra_emails) == (
        "", "", "", None, "", [],
    )  # fmt: skip
    assert (mia.city, mia.dnd, mia.custom_fields) == ("Ulm", {"sms": True}, {"tier": "gold"})
    assert post({"items": [{**item, **cleared}]}).json()["unchanged"] == 1
    assert post({"items": [{"email": mia.email, "custom_fields": None}]}).json()["updated"] == 1
    assert post({"items": [{"email": mia.email, "lead_status": None}]}).json()["refused"] == 1
    mia.refresh_from_db()
    assert mia.custom_fields == {}


def test_a_new_contact_needs_what_is_required() -> None:
    there = make.contact()
    make.field("tier", required=True)
    tier = {"custom_fields": {"tier": "gold"}}

    answer = post({"items": [
        {"email": "tom@example.org", "tags": ["VIP"]}, {"email": "ben@example.org", **tier}, {"email": "ben@example.org"},
        {"email": there.email, "city": "Ulm"}, {"email": there.email, "custom_fields": {"tier": None}},
    ]}).json()  # fmt: skip

    assert [each["result"] for each in answer["results"]] == ["error", "created", "unchanged", "updated", "error"]
    assert (answer["created"], answer["refused"]) == (1, 2)
    assert (answer["results"][0]["id"], answer["results"][0]["errors"][0]["pointer"]) == (
        None, "#/items/0/custom_fields/tier",
    )  # fmt: skip
    assert set(Contact.objects.values_list("email", flat=True)) == {there.email, "ben@example.org"}


def test_reading_scopes_do_not_write() -> None:
    assert calls.client("contacts:read").post(ADDRESS, {"items": [{"first_name": "X"}]}).status_code == 403
