"""Values for a contact's fields: their stored form, or why not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from contacts.cleaning import Phone, clean, is_field
from contacts.custom.days import Birthday
from contacts.models import CHANNELS
from contacts.tests import make


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("first_name", "  Mia \n Sofie ", "Mia Sofie"),
        ("first_name", None, ""),
        ("first_name", 7, "7"),
        ("external_id", Decimal("12.5"), "12.5"),
        ("street", " Hauptstr. 1\nHinterhaus ", "Hauptstr. 1\nHinterhaus"),
        ("email", " Mia@EXAMPLE.org ", "Mia@example.org"),
        ("email", "", ""),
        ("email", "Mia+News@MÜNCHEN.example", "Mia+News@münchen.example"),
        ("email", "mia@xn--mnchen-3ya.example", "mia@münchen.example"),
        ("first_name", "🌞 Sunny 👩‍👩‍👧", "🌞 Sunny 👩‍👩‍👧"),
        ("last_name", " محمد  علي ", "محمد علي"),
        ("extra_emails", ["a@example.org", "A@Example.org", ""], ["A@example.org"]),
        ("extra_emails", None, []),
        ("phone", "+49 30 123456", Phone("+4930123456", "+49 30 123456")),
        ("phone", "", Phone("", "")),
        ("extra_phones", ["+49 30 123456", "+4930123456"], ["+4930123456"]),
        ("website", "example.org", "https://example.org"),
        ("website", "http://example.org/a", "http://example.org/a"),
        ("website", "", ""),
        ("country", "de", "DE"),
        ("country", "", ""),
        ("country", "Germany", "DE"),
        ("country", "sweden", "SE"),
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("birth_date", "1990-02-28", Birthday(date(1990, 2, 28), "")),
        ("birth_date", date(1990, 2, 28), Birthday(date(1990, 2, 28), "")),
        ("birth_date", "--02-29", Birthday(None, "02-29")),
        ("birth_date", "", Birthday(None, "")),
        ("lead_status", "won", "won"),
        ("channel", "", ""),
        ("score", "3", 3),
        ("score", 3.0, 3),
        ("score", None, 0),
        ("dnd", {"sms": True, "email": True, "call": False}, {"email": True, "sms": True}),
        ("dnd", {"all": True, "email": True}, {"all": True}),
        ("dnd", None, {}),
        ("attribution", {"first": {"utm_source": "ad"}}, {"first": {"utm_source": "ad"}}),
        ("custom_fields", {"size": " 42.50 ", "colour": None}, {"size": 42.5, "colour": None}),
        ("custom_fields", None, None),
        ("owner", None, None),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_value_gets_its_stored_form(name: str, value: Any, stored: Any) -> None:
    make.field("size", "number")
    make.field("colour")

    assert clean({name: value}) == {name: stored}


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("first_name", "x" * 121, "Ensure this value has at most 120 characters (it has 121)."),
        ("first_name", ["Mia"], "Enter text."),
        ("first_name", True, "Enter text."),
        ("first_name", "Mi\0a", "Remove the unreadable characters from this text."),
        ("first_name", "Mi\ud800a", "Remove the unreadable characters from this text."),
        ("email", "mia", "Enter a valid email address."),
        ("email", "a@example.org\nBcc: b@example.org", "Enter a valid email address."),
        ("extra_emails", "mia@example.org", "Enter a list of at most 20."),
        ("extra_emails", ["mia"], "Enter a valid email address."),
        ("phone", "030 123456",
         "Enter the phone number with its country code, such as +49 30 123456, or choose a country."),
        ("website", "javascript:alert(1)//://", "Enter a valid URL."),
        ("country", "Atlantis", "“ATLANTIS” is no country. Enter its two letters, such as DE."),
        ("country", "UK", "“UK” is no country. Enter its two letters, such as DE."),
        ("time_zone", "Berlin", "“Berlin” is no time zone. Enter one such as Europe/Berlin."),
        ("birth_date", "28.02.1990",
         "Enter a date such as 1990-05-17, or 05-17 without the year."),
        ("birth_date", 1990, "Enter a date such as 1990-05-17, or 05-17 without the year."),
        ("birth_date", "2001-02-30", "2001-02-30 is not in the calendar."),
        ("birth_date", "--02-30", "--02-30 is not in the calendar."),
        ("lead_status", "frozen", "Value 'frozen' is not a valid choice."),
        ("lead_status", None, "This field cannot be blank."),
        ("score", 1.5, "Enter a whole number, for example 3."),
        ("score", True, "Enter a whole number, for example 3."),
        ("score", "many", "“many” value must be an integer."),
        ("dnd", {"mail": True},
         "There is no channel “mail”. Channels: all, email, sms, call, whatsapp, facebook, gmb."),
        ("dnd", {"email": "yes"}, 'Enter channels with yes or no, such as {"email": true}.'),
        ("dnd", ["email"], 'Enter channels with yes or no, such as {"email": true}.'),
        ("attribution", ["ad"], "Enter names and values."),
        ("attribution", {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}, "This is nested too deep."),
        ("custom_fields", ["size"], "Enter custom fields as names and values."),
        ("custom_fields", {f"n{i}": 1 for i in range(501)}, "Enter custom fields as names and values."),
        ("nickname", "Mimi", "A contact has no field of this name."),
        ("id", 1, "A contact has no field of this name."),
        ("phone_raw", "030", "A contact has no field of this name."),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_value_that_cannot_be_stored_is_refused_at_its_field(name: str, value: Any, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean({name: value})

    assert refused.value.message_dict == {name: [why]}


def test_every_refused_field_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        clean({"first_name": "Mia", "email": "mia", "country": "XX"})

    assert refused.value.message_dict == {
        "country": ["“XX” is no country. Enter its two letters, such as DE."],
        "email": ["Enter a valid email address."],
    }


def test_the_country_given_along_decides_how_a_phone_is_read_whatever_the_order() -> None:
    cleaned = clean({"phone": "06 12 34 56 78", "country": "fr"}, region="DE")

    assert cleaned == {"country": "FR", "phone": Phone("+33612345678", "06 12 34 56 78")}


@pytest.mark.django_db
def test_custom_fields_are_gathered_from_dotted_names_and_refused_at_them() -> None:
    make.field("size")
    make.field("colour", "choice", choices=["red"])

    cleaned = clean({"custom_fields.size": "M", "custom_fields": {"size": "L", "colour": "red"}})

    assert cleaned == {"custom_fields": {"size": "M", "colour": "red"}}
    with pytest.raises(ValidationError) as refused:
        clean({"custom_fields.colour": "blue", "custom_fields": {"shoe size": 1, "size": {"eu": 40}}})
    assert refused.value.message_dict == {
        "custom_fields.colour": ["There is no choice “blue”. Choices: red."],
        "custom_fields.shoe size": ["There is no custom field “shoe size”. Is it “size”?"],
        "custom_fields.size": ["Enter text."],
    }


@pytest.mark.parametrize("name", ["email", "custom_fields", "custom_fields.size"])
def test_known_fields(name: str) -> None:
    assert is_field(name)


@pytest.mark.parametrize("name", ["nickname", "phone_raw", "custom_fields.", "custom_fields.a b", "tags"])
def test_unknown_fields(name: str) -> None:
    assert not is_field(name)


@pytest.mark.django_db
def test_an_owner_is_a_user_a_username_or_a_number() -> None:
    ana = make.user("ana")

    assert [clean({"owner": value})["owner"] for value in (ana, "ana", ana.pk)] == [ana, ana, ana]


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["ben", -1, 2**70])
def test_an_owner_must_exist(value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        clean({"owner": value})

    assert refused.value.message_dict == {"owner": [f"There is no user “{value}”."]}


def test_closing_every_channel_one_by_one_names_them_in_order() -> None:
    names = [name for name, _label in CHANNELS]

    assert list(clean({"dnd": dict.fromkeys(reversed(names), True)})["dnd"]) == names
