"""Imports over the API, from the upload to the undoing."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.models import Contact, Import
from contacts.tests.importing import make
from triggers.tests import make as flows
from triggers.tests.api import calls

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/contacts/import/"
FILE = b"First name,Email,Where\nMia,mia@example.org,Ulm\nTom,broken,Bonn\n"


@pytest.fixture
def client() -> Any:
    return calls.client("contacts:read", "contacts:write")


def upload(client: Any, data: bytes = FILE, **fields: Any) -> Any:
    sent = {name: json.dumps(value) for name, value in fields.items()}
    return client.post(ADDRESS, {"file": SimpleUploadedFile("people.csv", data), **sent}, format="multipart")


def test_the_whole_way(client: Any) -> None:
    answer = upload(client)
    job = answer.json()
    assert answer.status_code == 201
    assert (job["status"], job["format"], job["header"]) == ("new", "csv", ["First name", "Email", "Where"])
    assert job["mapping"] == {"0": "first_name", "1": "email"}

    mapping = {**job["mapping"], "2": "city"}
    started = client.post(f"{ADDRESS}{job['id']}/start/", {"mapping": mapping, "options": {"tags": ["Fair"]}})
    assert (started.status_code, started.json()["status"]) == (200, "checking")
    make.worked(Import.objects.get())

    done = client.get(f"{ADDRESS}{job['id']}/").json()
    assert (done["status"], done["rows"], done["created"], done["refused"], done["can_undo"]) == ("done", 2, 1, 1, True)
    assert Contact.objects.get().city == "Ulm"
    assert client.get(f"{ADDRESS}{job['id']}/errors/").json() == {
        "count": 1, "next_offset": None,
        "results": [{"line": 3, "column": "Email", "value": "broken", "message": "Enter a valid email address."}],
    }  # fmt: skip

    assert client.post(f"{ADDRESS}{job['id']}/undo/").json()["status"] == "undoing"
    make.worked(Import.objects.get())
    assert client.get(f"{ADDRESS}{job['id']}/").json()["removed"] == 1
    assert Contact.objects.count() == 0


def test_a_check_imports_nothing_until_the_start(client: Any) -> None:
    job = upload(client).json()
    client.post(f"{ADDRESS}{job['id']}/check/")
    make.worked(Import.objects.get())
    assert (client.get(f"{ADDRESS}{job['id']}/").json()["status"], Contact.objects.count()) == ("checked", 0)

    assert client.post(f"{ADDRESS}{job['id']}/start/").json()["status"] == "running"
    make.worked(Import.objects.get())
    assert Contact.objects.count() == 1


def test_one_request_does_it_all(client: Any) -> None:
    answer = upload(client, mapping={"1": "email"}, options={"start": True, "bad_values": "leave_out"})

    assert answer.json()["status"] == "checking"
    assert (make.worked(Import.objects.get()).status, Contact.objects.count()) == ("done", 1)


@pytest.mark.parametrize(
    ("data", "fields", "field"),
    [
        (b"", {}, "file"), (b"\x89PNG\0\0", {}, "file"), (FILE, {"mapping": {"9": "email"}}, "mapping.9"),
        (FILE, {"mapping": [1]}, "mapping"), (FILE, {"options": {"update": "always"}}, "options.update"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(
    client: Any, data: bytes, fields: Any, field: str
) -> None:
    answer = upload(client, data, **fields)

    assert answer.status_code in (400, 422)
    assert list(calls.errors(answer)) == [field]
    assert Import.objects.count() == 0


def test_the_fields_there_are(client: Any) -> None:
    found = {each["name"]: each["label"] for each in client.get(f"{ADDRESS}fields/").json()}

    assert (found["birth_date"], found["tags"], found["full_name"]) == ("Birth date", "Tags", "Full name")


def test_importing_needs_the_permission_and_the_scope() -> None:
    clerk = calls.with_permissions(flows.user(is_staff=True), "contacts.view_import", "contacts.add_contact")

    assert upload(calls.client("contacts:read", name="reader")).status_code == 403
    limited = calls.client("contacts:write", "contacts:read", user=clerk, name="clerk")
    assert upload(limited).status_code == 403
    assert limited.get(ADDRESS).status_code == 200


def test_one_that_broke_is_resumed(client: Any) -> None:
    job = upload(client).json()
    Import.objects.update(status="failed", broke_while="new", failure="It broke.", due_at=None)

    assert client.get(f"{ADDRESS}{job['id']}/").json()["can_resume"] is True
    answer = client.post(f"{ADDRESS}{job['id']}/resume/").json()
    assert (answer["status"], answer["can_resume"]) == ("new", False)


def test_out_of_turn_is_refused(client: Any) -> None:
    job = upload(client).json()

    assert client.post(f"{ADDRESS}{job['id']}/undo/").status_code == 422
    assert client.post(f"{ADDRESS}{job['id']}/resume/").status_code == 422
    assert client.post(f"{ADDRESS}{job['id']}/cancel/").json()["status"] == "cancelled"
