"""The contact of a delivery: whom it finds, what it writes, what it leaves out."""

import pytest

from contacts.leads import find_or_make
from contacts.models import Contact
from contacts.tests import make
from triggers.problems import Problem

pytestmark = pytest.mark.django_db
BY = ["email", "phone"]
NOBODY = Problem((), "Nothing that was sent says who it is about: no name, e-mail or phone number.")


def test_a_new_person_becomes_a_contact_with_tags_and_custom_fields() -> None:
    make.field("size", "number")
    contact, problems = find_or_make(
        {
            "first_name": "Zoë",
            "email": "zoe@Example.com",
            "phone": "0701740605",
            "country": "se",
            "tags": ["solar", "storage"],
            "custom_fields.size": 42,
        },
        BY,
    )

    assert problems == []
    stored = Contact.objects.get()
    assert contact == stored
    assert (stored.first_name, stored.email, stored.phone, stored.country) == (
        "Zoë",
        "zoe@example.com",
        "+46701740605",
        "SE",
    )
    assert stored.custom_fields == {"size": 42}
    assert make.tags_of(stored) == {"solar", "storage"}


def test_a_known_person_is_found_and_updated_and_keeps_what_was_not_sent() -> None:
    make.field("size", "number")
    known = make.contact(first_name="Mia", email="mia@example.org", company="Acme", custom_fields={"size": 1, "x": 2})

    contact, problems = find_or_make(
        {"email": "MIA@example.org", "first_name": "Maria", "custom_fields.size": 3, "tags": ["VIP"]}, BY
    )

    assert (contact, problems) == (known, [])
    known.refresh_from_db()
    assert (known.first_name, known.company) == ("Maria", "Acme")
    assert known.custom_fields == {"size": 3, "x": 2}
    assert make.tags_of(known) == {"VIP"}


def test_what_is_invalid_is_told_and_the_lead_is_kept() -> None:
    contact, problems = find_or_make(
        {"email": "mia@example", "phone": "call me", "first_name": "Mia", "country": "Atlantis", "tags": ["x" * 81]}, BY
    )

    assert contact is not None
    stored = Contact.objects.get()
    assert (stored.first_name, stored.email, stored.phone, stored.country) == ("Mia", "", "", "")
    assert [problem.path for problem in problems] == [("country",), ("email",), ("phone",), ("tags",)]
    assert problems[1] == Problem(("email",), "Enter a valid email address.")
    assert problems[2] == Problem(("phone",), "“call me” is no phone number.")


def test_each_custom_field_stands_for_itself() -> None:
    make.field("a")
    make.field("b", required=True)
    contact, problems = find_or_make(
        {"first_name": "Mia", "custom_fields.a": "x" * 5001, "custom_fields.b": "fine", "custom_fields.c": 1}, BY
    )

    assert contact is not None
    assert contact.custom_fields == {"b": "fine"}
    assert problems == [
        Problem(("custom_fields.a",), "Enter at most 1000 characters."),
        Problem(("custom_fields.c",), "There is no custom field “c”. There are: a, b."),
    ]


@pytest.mark.parametrize("values", [{}, {"country": "SE"}, {"tags": ["VIP"]}, {"custom_fields.size": 1}])
def test_where_nobody_is_named_nobody_is_made(values: dict[str, object]) -> None:
    make.field("size", "number")

    assert find_or_make(values, BY) == (None, [NOBODY])
    assert not Contact.objects.exists()


def test_a_shared_phone_number_does_not_merge_two_people() -> None:
    partner = make.contact(first_name="Tom", email="tom@example.org", phone="+46701740605")

    contact, problems = find_or_make({"email": "mia@example.org", "phone": "+46701740605"}, BY)

    assert problems == []
    assert contact is not None
    assert contact != partner
    partner.refresh_from_db()
    assert partner.email == "tom@example.org"


def test_a_phone_number_finds_a_contact_that_has_no_email_yet() -> None:
    known = make.contact(first_name="Mia", email="", phone="+46701740605")

    contact, _problems = find_or_make({"email": "mia@example.org", "phone": "+46 70 174 06 05"}, BY)

    assert contact == known
    known.refresh_from_db()
    assert known.email == "mia@example.org"


def test_a_phone_number_is_read_by_the_country_of_the_contact_that_was_found() -> None:
    make.contact(email="mia@example.org", country="SE")
    make.contact(email="tom@example.org", country="US")

    local, no_problems = find_or_make({"email": "mia@example.org", "phone": "070-174 06 05"}, BY)
    abroad, problems = find_or_make({"email": "tom@example.org", "phone": "0046701740605"}, BY)

    assert no_problems == []
    assert local is not None
    assert local.phone == "+46701740605"
    assert abroad is not None
    assert abroad.phone == ""
    assert problems == [Problem(("phone",), "The phone number has too many digits.")]


def test_only_the_named_fields_find_a_contact() -> None:
    known = make.contact(email="mia@example.org", external_id="")

    contact, _problems = find_or_make({"email": "mia@example.org", "external_id": "cus_1"}, ["external_id"])

    assert contact != known
    assert Contact.objects.count() == 2
