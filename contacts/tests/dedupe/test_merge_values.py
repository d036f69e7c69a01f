"""What the fields of a merged contact hold."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from contacts.dedupe.merge_values import choices, merged
from contacts.models import Contact
from contacts.tests import make

pytestmark = pytest.mark.django_db


def two(mine: dict[str, Any], theirs: dict[str, Any]) -> tuple[Contact, Contact]:
    return Contact.objects.create(first_name="Mia", **mine), Contact.objects.create(first_name="Mia", **theirs)


def test_the_survivors_values_survive_and_empty_ones_are_filled() -> None:
    mia, other = two(
        {"city": "Ulm", "score": 0}, {"city": "Bonn", "country": "DE", "birth_date": date(1990, 5, 17), "score": 30}
    )

    values = merged(mia, other, {})

    assert "city" not in values
    assert (values["country"], values["birth_date"], values["score"]) == ("DE", date(1990, 5, 17), 30)


def test_what_is_chosen_wins_also_when_it_is_empty() -> None:
    mia, other = two({"city": "Ulm", "company": "Oak"}, {"company": "Elm"})

    values = merged(mia, other, {"company": "from", "city": "from"})

    assert (values["company"], values["city"]) == ("Elm", "")


def test_a_field_can_be_left_empty_on_purpose() -> None:
    mia, other = two({}, {"city": "Bonn"})

    assert "city" not in merged(mia, other, {"city": "into"})


def test_addresses_and_numbers_of_both_are_kept_once_whatever_their_case() -> None:
    mia, other = two(
        {"email": "mia@example.org", "extra_emails": ["M@work.example"], "phone": "+4930901820"},
        {
            "email": "MIA@example.org", "extra_emails": ["m@work.example", "old@example.org"], "phone": "+4989123456",
            "phone_raw": "089 123456",
        },
    )  # fmt: skip

    values = merged(mia, other, {"phone": "from"})

    assert values["extra_emails"] == ["M@work.example", "old@example.org"]
    assert (values["phone"], values["phone_raw"], values["extra_phones"]) == (
        "+4989123456", "089 123456", ["+4930901820"],
    )  # fmt: skip


def test_the_other_e_mail_stays_as_a_further_one() -> None:
    mia, other = two({"email": "mia@example.org"}, {"email": "mia@work.example"})

    assert merged(mia, other, {})["extra_emails"] == ["mia@work.example"]
    assert merged(mia, other, {"email": "from"})["extra_emails"] == ["mia@example.org"]


def test_custom_fields_are_chosen_one_by_one_and_a_no_is_an_answer() -> None:
    mia, other = two(
        {"custom_fields": {"size": "L", "vip": False}}, {"custom_fields": {"size": "M", "vip": True, "seat": "4a"}}
    )

    assert merged(mia, other, {})["custom_fields"] == {"size": "L", "vip": False, "seat": "4a"}
    assert merged(mia, other, {"custom_fields.size": "from"})["custom_fields"]["size"] == "M"


def test_custom_fields_go_by_their_labels() -> None:
    make.field("size", label="Shoe size")
    mia, other = two({"custom_fields": {"size": "L"}}, {})

    assert [choice.label for choice in choices(mia, other) if choice.name == "custom_fields.size"] == ["Shoe size"]


def test_a_birthday_without_a_year_is_chosen_whole() -> None:
    mia, other = two({"birth_date": date(1990, 5, 17)}, {"yearless_birthday": "06-01"})

    values = merged(mia, other, {"birth_date": "from"})

    assert (values["birth_date"], values["yearless_birthday"]) == (None, "06-01")


def test_known_since_the_earlier_day() -> None:
    early = datetime(2020, 1, 1, tzinfo=UTC)
    mia, other = two({}, {"created_at": early})

    assert merged(mia, other, {})["created_at"] == early


@pytest.mark.parametrize(
    ("sides", "field"),
    [({"colour": "from"}, "fields.colour"), ({"city": "both"}, "fields.city"), ({"dnd": "from"}, "fields.dnd")],
)
def test_what_cannot_be_chosen_is_refused_at_its_field(sides: Any, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        merged(*two({}, {}), sides)

    assert list(refused.value.message_dict) == [field]


def test_every_column_is_united_chosen_or_its_own() -> None:
    own = {"id", "dnd", "extra_emails", "extra_phones", "custom_fields", "attribution", "created_at", "updated_at"}
    own |= {"phone_raw", "yearless_birthday", "score_active_at", "is_followed"}
    mia = make.contact()

    chosen = {choice.name for choice in choices(mia, mia)}

    assert {column.name for column in Contact._meta.concrete_fields} - own == chosen
