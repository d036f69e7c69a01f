"""Values for a contact's fields: their stored form, or why not."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from contacts.cleaning import Phone, clean, countries, is_field
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
        ("birth_date", "1990-02-28", date(1990, 2, 28)),
        ("birth_date", date(1990, 2, 28), date(1990, 2, 28)),
        ("birth_date", "", None),
        ("lead_status", "won", "won"),
        ("channel", "", ""),
        ("score", "3", 3),
        ("score", 3.0, 3),
        ("score", None, 0),
        ("dnd", {"sms": True, "email": True, "call": False}, {"email": True, "sms": True}),
        ("dnd", {"all": True, "email": True}, {"all": True}),
        ("dnd", None, {}),
        ("attribution", {"first": {"utm_source": "ad"}}, {"first": {"utm_source": "ad"}}),
        ("custom_fields", {"size": "M", "sold": None}, {"size": "M", "sold": None}),
        ("custom_fields", {"on": date(2026, 1, 2), "at": datetime(2026, 1, 2, 3, 4)},
         {"on": "2026-01-02", "at": "2026-01-02T03:04:00"}),
        ("custom_fields", {"likes": ["tea", 3, True]}, {"likes": ["tea", 3, True]}),
        ("custom_fields", {"price": Decimal("9.90")}, {"price": "9.90"}),
        ("custom_fields", None, None),
        ("owner", None, None),
    ],
)  # fmt: skip
def test_a_value_gets_its_stored_form(name: str, value: Any, stored: Any) -> None:
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
         "“28.02.1990” value has an invalid date format. It must be in YYYY-MM-DD format."),
        ("birth_date", 1990, "“1990” value has an invalid date format. It must be in YYYY-MM-DD format."),
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
        ("custom_fields", ["size"], "Enter names and values, at most 200."),
        ("custom_fields", {f"n{i}": 1 for i in range(201)}, "Enter names and values, at most 200."),
        ("custom_fields", {"shoe size": 1}, "Name custom fields with letters, digits and _, not “shoe size”."),
        ("custom_fields", {"size": {"eu": 40}}, "“size” is a single value or a list of them."),
        ("custom_fields", {"size": [[40]]}, "“size” is a single value or a list of them."),
        ("custom_fields", {"size": "x" * 5001}, "“size” is too long."),
        ("custom_fields", {"size": float("nan")}, "Enter text, a number, a date, or yes or no."),
        ("custom_fields", {"size": "\0"}, "Remove the unreadable characters from this text."),
        ("nickname", "Mimi", "A contact has no field of this name."),
        ("id", 1, "A contact has no field of this name."),
        ("phone_raw", "030", "A contact has no field of this name."),
    ],
)  # fmt: skip
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


def test_custom_fields_are_gathered_from_dotted_names() -> None:
    cleaned = clean({"custom_fields.size": "M", "custom_fields": {"size": "L", "colour": "red"}})

    assert cleaned == {"custom_fields": {"size": "M", "colour": "red"}}


@pytest.mark.parametrize("name", ["email", "custom_fields", "custom_fields.size"])
def test_known_fields(name: str) -> None:
    assert is_field(name)


@pytest.mark.parametrize("name", ["nickname", "phone_raw", "custom_fields.", "custom_fields.a b", "tags"])
def test_unknown_fields(name: str) -> None:
    assert not is_field(name)


def test_countries_are_those_of_iso_3166() -> None:
    assert len(countries()) == 249
    assert {"DE", "GB", "AQ"} < set(countries().values())


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
