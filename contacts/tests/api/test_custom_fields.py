"""Custom fields over the API: the definitions, and a contact's values."""

from typing import Any

import pytest

from contacts.models import Contact, CustomField
from contacts.tests import make
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
FIELDS = "/api/v1/custom-fields/"
CONTACTS = "/api/v1/contacts/"


def client() -> Any:
    rooms = ("contacts", "custom-fields")
    return calls.client(*(f"{room}:{verb}" for room in rooms for verb in ("read", "write")))


def test_a_field_is_defined_changed_archived_and_deleted() -> None:
    api = client()
    body = {
        "key": "size",
        "label": "Shoe size",
        "kind": "choice",
        "choices": [{"value": "s"}, {"value": "l", "label": "L"}],
    }

    made = api.post(FIELDS, body, format="json")
    at = f"{FIELDS}{made.json()['id']}/"
    changed = api.patch(at, {"label": "Size", "archived": True, "choices": [{"value": "s"}]}, format="json")

    assert made.status_code == 201
    assert made.json()["choices"] == [{"value": "s", "label": "s"}, {"value": "l", "label": "L"}]
    assert (made.json()["archived"], changed.json()["archived"]) == (False, True)
    assert (changed.json()["label"], changed.json()["key"]) == ("Size", "size")
    assert [row["key"] for row in api.get(f"{FIELDS}?archived=true").json()["results"]] == ["size"]
    assert api.get(f"{FIELDS}?archived=false").json()["results"] == []
    assert api.delete(at).status_code == 204
    assert not CustomField.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"label": "Size"}, "key"),
        ({"key": "Größe", "label": "Size"}, "key"),
        ({"key": "other", "label": "Size"}, "key"),
        ({"key": "size", "label": "Size", "kind": "pigeon"}, "kind"),
        ({"key": "size", "label": "Size", "kind": "choice"}, "choices"),
        ({"key": "size", "label": "Size", "kind": "choice", "choices": ["s"]}, "choices[0]"),
        ({"key": "size", "label": "Size", "kind": "choice", "choices": {"s": 1}}, "choices"),
        ({"key": "size", "label": "Size", "kind": "money", "currency": "XXX"}, "currency"),
    ],
)
def test_a_definition_that_is_wrong_is_told_at_its_field(body: dict[str, Any], field: str) -> None:
    make.field("other")

    answer = client().post(FIELDS, body, format="json")

    assert answer.status_code == 400
    assert next(iter(calls.errors(answer))).startswith(field)
    assert CustomField.objects.count() == 1


def test_a_key_never_changes_and_a_field_with_values_stays() -> None:
    size, api = make.field("size"), client()
    make.contact(custom_fields={"size": "M"})

    changed = api.patch(f"{FIELDS}{size.pk}/", {"key": "weight"}, format="json")
    gone = api.delete(f"{FIELDS}{size.pk}/")

    assert calls.errors(changed) == {"key": "The key of a custom field never changes."}
    assert (gone.status_code, gone.json()["detail"][:39]) == (409, "Contacts have values in this field. Arc")


def test_definitions_have_a_scope_of_their_own() -> None:
    assert calls.client("contacts:read").get(FIELDS).status_code == 403


def test_a_contacts_values_are_stored_in_their_form_and_refused_by_name() -> None:
    make.field("day", "date")
    make.field("phone", "phone")
    make.field("need", required=True)
    api = client()

    answer = api.post(CONTACTS, {
        "first_name": "Mia", "custom_fields": {"day": "2026-02-30", "phone": "call", "nope": 1},
    }, format="json")  # fmt: skip
    made = api.post(CONTACTS, {
        "first_name": "Mia", "country": "DE", "birth_date": "05-17",
        "custom_fields": {"day": "2026-02-28", "phone": "030 123456", "need": "x"},
    }, format="json")  # fmt: skip

    assert calls.errors(answer) == {
        "custom_fields.day": "2026-02-30 is not in the calendar.",
        "custom_fields.phone": "“call” is no phone number.",
        "custom_fields.nope": "There is no custom field “nope”. There are: day, phone, need.",
    }
    assert answer.json()["errors"][0]["pointer"] == "#/custom_fields/day"
    assert made.json()["custom_fields"] == {"day": "2026-02-28", "phone": "+4930123456", "need": "x"}
    assert made.json()["birth_date"] == "--05-17"
    assert Contact.objects.get().yearless_birthday == "05-17"


def test_a_new_contact_needs_what_is_required_and_a_changed_one_keeps_it() -> None:
    make.field("need", required=True, label="The need")
    api, mia = client(), make.contact()

    missing = api.post(CONTACTS, {"first_name": "Mia"}, format="json")
    other = api.patch(f"{CONTACTS}{mia.pk}/", {"city": "Bonn"}, format="json")
    cleared = api.patch(f"{CONTACTS}{mia.pk}/", {"custom_fields": {"need": None}}, format="json")

    assert calls.errors(missing) == {"custom_fields.need": "“The need” is required."}
    assert other.status_code == 200
    assert calls.errors(cleared) == {"custom_fields.need": "“The need” is required."}


def test_what_was_read_can_be_sent_back_though_nobody_defined_it() -> None:
    make.field("size", "number")
    mia, api = make.contact(custom_fields={"nobody_s": "x", "size": 40}), client()
    at = f"{CONTACTS}{mia.pk}/"
    held = api.get(at).json()["custom_fields"]

    same = api.patch(at, {"custom_fields": {**held, "size": 41}}, format="json")
    other = api.patch(at, {"custom_fields": {**held, "nobody_s": "y"}}, format="json")

    assert same.json()["custom_fields"] == {"nobody_s": "x", "size": 41}
    assert list(calls.errors(other)) == ["custom_fields.nobody_s"]


@pytest.mark.parametrize("sent", ["x", 5, [], [1], True])
def test_custom_fields_that_are_no_object_are_refused(sent: Any) -> None:
    answer = client().post(CONTACTS, {"first_name": "Mia", "custom_fields": sent}, format="json")

    assert answer.status_code == 400
    assert list(calls.errors(answer)) == ["custom_fields"]


@pytest.mark.parametrize("sent", ["2001-02-30", "30-02", "soon", "🎂", 5, [], {}])
def test_birth_dates_that_are_none(sent: Any) -> None:
    answer = client().post(CONTACTS, {"first_name": "Mia", "birth_date": sent}, format="json")

    assert list(calls.errors(answer)) == ["birth_date"]


def test_a_birth_date_is_cleared() -> None:
    mia, api = make.contact(yearless_birthday="05-17"), client()

    assert api.patch(f"{CONTACTS}{mia.pk}/", {"birth_date": None}, format="json").json()["birth_date"] is None
    mia.refresh_from_db()
    assert mia.birthday == ""


def test_the_list_is_narrowed_by_values() -> None:
    make.field("vip", "yesno")
    make.field("size", "choice", choices=["S", "L"])
    mia = make.contact(custom_fields={"vip": True, "size": "L"})
    ben = make.contact(custom_fields={"vip": True})
    api = client()

    def found(query: str) -> list[int]:
        return sorted(row["id"] for row in api.get(f"{CONTACTS}?{query}").json()["results"])

    assert found("custom_field=vip:yes") == [mia.pk, ben.pk]
    assert found("custom_field=vip:yes&custom_field=size:l") == [mia.pk]
    assert found("custom_field=size:") == [ben.pk]
    wrong = api.get(f"{CONTACTS}?custom_field=size:XL")
    assert calls.errors(wrong) == {"custom_field": "There is no choice “XL”. Choices: S, L."}
    assert api.get(f"{CONTACTS}?custom_field=nope").status_code == 400
