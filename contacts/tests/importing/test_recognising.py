"""Exports of four systems are known by their header, and their columns by name."""

import pytest

from contacts.importing.recognising import made_by, propose, signature
from contacts.tests import make

HIGHLEVEL = [
    "Contact Id",
    "First Name",
    "Last Name",
    "Business Name",
    "Phone",
    "Email",
    "Created",
    "Last Activity",
    "Tags",
]
GOOGLE = [
    "First Name", "Middle Name", "Last Name", "Organization Name", "Organization Title", "Birthday", "Notes", "Labels",
    "E-mail 1 - Label", "E-mail 1 - Value", "E-mail 2 - Value", "Phone 1 - Label", "Phone 1 - Value",
    "Address 1 - Street", "Address 1 - City", "Address 1 - Country", "Website 1 - Value",
]  # fmt: skip
OLD_GOOGLE = ["Name", "Given Name", "Family Name", "Group Membership", "E-mail 1 - Type", "E-mail 1 - Value"]
OUTLOOK = [
    "Title", "First Name", "Last Name", "Company", "Job Title", "Business Street", "Business City",
    "Business Country/Region", "Home City", "Business Phone", "Mobile Phone", "Birthday", "Categories",
    "E-mail Address", "E-mail 2 Address", "Notes", "Web Page",
]  # fmt: skip
HUBSPOT = ["Record ID", "First Name", "Last Name", "Email", "Phone Number", "Contact owner", "Lifecycle Stage"]


def fields(header: list[str], *sample: list[str]) -> dict[str, str]:
    return {header[int(number)]: field for number, field in propose(header, sample).items()}


@pytest.mark.parametrize(
    ("header", "system"),
    [
        (HIGHLEVEL, "HighLevel"), (GOOGLE, "Google Contacts"), (OLD_GOOGLE, "Google Contacts"), (OUTLOOK, "Outlook"),
        (HUBSPOT, "HubSpot"), (["Name", "Email"], ""),
    ],
)  # fmt: skip
def test_systems(header: list[str], system: str) -> None:
    assert made_by(header) == system
    assert made_by([name.upper() for name in header]) == system


@pytest.mark.django_db
def test_columns_of_highlevel() -> None:
    assert fields(HIGHLEVEL) == {
        "Contact Id": "external_id", "First Name": "first_name", "Last Name": "last_name", "Business Name": "company",
        "Phone": "phone", "Email": "email", "Tags": "tags",
    }  # fmt: skip


@pytest.mark.django_db
def test_columns_of_google() -> None:
    assert fields(GOOGLE) == {
        "First Name": "first_name", "Last Name": "last_name", "Organization Name": "company",
        "Organization Title": "job_title", "Birthday": "birth_date", "Notes": "note", "Labels": "tags",
        "E-mail 1 - Value": "email", "E-mail 2 - Value": "extra_emails", "Phone 1 - Value": "phone",
        "Address 1 - Street": "street", "Address 1 - City": "city", "Address 1 - Country": "country",
        "Website 1 - Value": "website",
    }  # fmt: skip


@pytest.mark.django_db
def test_columns_of_outlook() -> None:
    found = fields(OUTLOOK)

    assert "Title" not in found
    assert (found["Mobile Phone"], found["Business Phone"]) == ("phone", "extra_phones")
    assert (found["Business City"], found.get("Home City")) == ("city", None)
    assert (found["E-mail Address"], found["E-mail 2 Address"]) == ("email", "extra_emails")


@pytest.mark.django_db
def test_owners_are_proposed_where_they_are_users() -> None:
    rows = [["1", "Mia", "Weiß", "", "", "Ana Souza", "Lead"]]

    assert "Contact owner" not in fields(HUBSPOT, *rows)
    make.user("ana", first_name="Ana", last_name="Souza")
    assert fields(HUBSPOT, *rows)["Contact owner"] == "owner"


def test_a_signature_is_the_headers() -> None:
    assert signature(["E-Mail", "Name"]) == signature(["e-mail ", "NAME"])
    assert signature(["E-Mail", "Name"]) != signature(["Name", "E-Mail"])
