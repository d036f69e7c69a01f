"""Values of each kind: their stored form, what is read of it, and why others are refused."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from contacts.custom import kinds, numbers
from contacts.custom.kinds import Definition, Kind, companion, stored, typed
from contacts.tests import make

SIZES = (("s", "Small"), ("m", "Medium"), ("x,l", "Large, extra"))
NO_NUMBER = "Enter a number such as 1234.5, without separators."
# Kinds that need no database to be judged.
PURE = [kind for kind in Kind if kind != Kind.USER]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)


def field(kind: str, **values: Any) -> Definition:
    return Definition("f", "The field", kind, choices=SIZES, **values)


@pytest.mark.parametrize(
    ("kind", "value", "kept", "read"),
    [
        ("text", "  Zoë \n 🌞 ", "Zoë 🌞", "Zoë 🌞"),
        ("text", "\u202eאבג", "\u202eאבג", "\u202eאבג"),
        ("text", 7, "7", "7"),
        ("text", ["a", "b"], "a, b", "a, b"),
        ("text", "  ", None, None),
        ("long_text", " one\n\ntwo ", "one\n\ntwo", "one\n\ntwo"),
        ("number", "42.50", 42.5, Decimal("42.5")),
        ("number", "٤٢", 42, 42),
        ("number", 40.0, 40, 40),
        ("number", "-0.0", 0, 0),
        ("number", Decimal("0.1"), 0.1, Decimal("0.1")),
        ("number", 0, 0, 0),
        ("number", "123456789012345", 123456789012345, 123456789012345),
        ("money", "49.9", {"amount": "49.90", "currency": "EUR"}, Decimal("49.90")),
        ("money", "usd 5", {"amount": "5.00", "currency": "USD"}, Decimal("5.00")),
        ("money", "1200 JPY", {"amount": "1200", "currency": "JPY"}, Decimal(1200)),
        ("money", {"amount": 1.005, "currency": "kwd"}, {"amount": "1.005", "currency": "KWD"}, Decimal("1.005")),
        ("money", {"amount": "", "currency": "EUR"}, None, None),
        ("date", "2024-02-29", "2024-02-29", date(2024, 2, 29)),
        ("date", date(2026, 3, 1), "2026-03-01", date(2026, 3, 1)),
        ("datetime", "2026-03-31T09:00:00+02:00", "2026-03-31T07:00:00+00:00", datetime(2026, 3, 31, 7, tzinfo=UTC)),
        ("datetime", "2026-03-31 09:00", "2026-03-31T09:00:00+00:00", datetime(2026, 3, 31, 9, tzinfo=UTC)),
        ("datetime", "2026-03-31", "2026-03-31T00:00:00+00:00", datetime(2026, 3, 31, tzinfo=UTC)),
        ("choice", " SMALL ", "s", "s"),
        ("multi_choice", ["m", "Small", "", "m"], ["s", "m"], {"s", "m"}),
        ("multi_choice", "medium; s", ["s", "m"], {"s", "m"}),
        ("multi_choice", "Large, extra", ["x,l"], {"x,l"}),
        ("multi_choice", [], None, None),
        ("yesno", "Yes", True, True),
        ("yesno", 0, False, False),
        ("yesno", False, False, False),
        ("phone", "+49 (30) 123456", "+4930123456", "+4930123456"),
        ("url", "example.org/ä", "https://example.org/ä", "https://example.org/ä"),
    ],
)  # fmt: skip
def test_a_value_gets_its_stored_form_and_is_read_with_its_type(kind: str, value: Any, kept: Any, read: Any) -> None:
    its = field(kind, currency="EUR")

    found = stored(its, value)

    assert found == kept
    assert (type(found), typed(its, found)) == (type(kept), read)
    assert json.loads(json.dumps(found)) == found
    assert stored(its, found) == found


def test_an_e_mail_may_have_a_domain_of_any_script_and_plus_addressing() -> None:
    assert stored(field("email"), " Mia+News@MÜNCHEN.example ") == "Mia+News@münchen.example"


def test_a_phone_is_read_by_the_country_it_comes_with() -> None:
    assert stored(field("phone"), "030 123456", "DE") == "+4930123456"


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("text", {"a": 1}, "Enter text."),
        ("text", "x" * 1001, "Enter at most 1000 characters."),
        ("text", "a\0b", "Remove the unreadable characters from this text."),
        ("long_text", "\ud800", "Remove the unreadable characters from this text."),
        ("number", "1,234", NO_NUMBER),
        ("number", "1e5", NO_NUMBER),
        ("number", True, NO_NUMBER),
        ("number", float("nan"), NO_NUMBER),
        ("number", float("inf"), NO_NUMBER),
        ("number", "🌞", NO_NUMBER),
        ("number", [1], NO_NUMBER),
        ("number", 10**400, "Enter a number with at most 15 digits."),
        ("number", "0.1234567890123456", "Enter a number with at most 15 digits."),
        ("number", "0.00000000001", "Enter a number with at most 10 decimals."),
        ("money", "a lot", "Enter an amount, for example 49.90."),
        ("money", "49.901", "An amount in EUR has at most 2 decimals."),
        ("money", "5.5 JPY", "An amount in JPY has at most 0 decimals."),
        ("money", "5 ABC", "“ABC” is no currency. Enter its three letters, such as EUR."),
        ("money", {"euros": 5}, 'Enter an amount, for example 49.90 EUR or {"amount": "49.90", "currency": "EUR"}.'),
        ("date", "2026-02-30", "2026-02-30 is not in the calendar."),
        ("date", "2026-13-01", "2026-13-01 is not in the calendar."),
        ("date", "31.03.2026", "Enter a date, for example 2026-03-31."),
        ("date", "2026-03-31T09:00", "Enter a date, for example 2026-03-31."),
        ("date", "0001-01-01", "Enter a year from 1800 to 2999."),
        ("date", 20260331, "Enter a date, for example 2026-03-31."),
        ("date", ["2026-03-31"], "Enter text."),
        ("datetime", "2026-02-30T09:00", "2026-02-30T09:00 is not in the calendar."),
        ("datetime", "2026-03-31T25:00", "Enter a date and time, for example 2026-03-31 09:00."),
        ("choice", "XL", "There is no choice “XL”. Choices: s, m, x,l."),
        ("choice", ["s"], "Enter text."),
        ("multi_choice", ["s", "XL"], "There is no choice “XL”. Choices: s, m, x,l."),
        ("yesno", "perhaps", "Enter yes or no."),
        ("yesno", 2, "Enter yes or no."),
        ("phone", "call me", "“call me” is no phone number."),
        ("email", "mia@", "Enter a valid email address."),
        ("email", "zoë@example.org", "Enter a valid email address."),
        ("email", "a@example.org\nBcc: b@example.org", "Enter a valid email address."),
        ("url", "javascript:alert(1)//://", "Enter a valid URL."),
        ("url", "ftp://example.org", "Enter a valid URL."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_plain_words(kind: str, value: Any, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        stored(field(kind, currency="EUR"), value)

    assert refused.value.messages == [why]


def test_an_amount_needs_a_currency_from_somewhere() -> None:
    with pytest.raises(ValidationError, match="Add the currency"):
        stored(field("money"), "49.90")


@given(st.sampled_from(PURE), JSON)
def test_whatever_comes_is_refused_or_stored_in_a_form_that_stays(kind: Kind, value: Any) -> None:
    its = field(kind, currency="EUR")
    try:
        kept = stored(its, value)
    except ValidationError:
        return

    assert json.loads(json.dumps(kept)) == kept
    assert stored(its, kept) == kept
    assert (typed(its, kept) is None) == (kept is None)


@given(st.sampled_from(PURE), JSON)
def test_reading_what_another_kind_stored_never_fails(kind: Kind, value: Any) -> None:
    its = field(kind, currency="EUR")

    read = typed(its, value)

    assert companion(its, value, {}) is None or read is not None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_a_number_keeps_every_digit_through_json(number: Decimal) -> None:
    kept = json.loads(json.dumps(stored(field("number"), str(number))))

    assert numbers.typed(kept) == number


def test_a_value_of_an_earlier_kind_is_read_as_far_as_it_can_be() -> None:
    assert typed(field("number"), "40") == 40
    assert typed(field("date"), "2026-03-31") == date(2026, 3, 31)
    assert typed(field("date"), "soon") is None
    assert typed(field("money"), "49.90") is None


def test_a_choice_that_is_offered_no_more_is_still_read() -> None:
    assert typed(field("choice"), "xs") == "xs"
    assert companion(field("choice"), "xs", {}) == "xs"
    assert companion(field("multi_choice"), ["xs", "m"], {}) == "Medium, xs"


def test_what_a_value_offers_besides() -> None:
    assert companion(field("money"), {"amount": "5.00", "currency": "USD"}, {}) == "USD"
    assert companion(field("choice"), "s", {}) == "Small"
    assert companion(field("user"), 7, {7: "Ana Roth"}) == "Ana Roth"
    assert companion(field("text"), "s", {}) is None


@pytest.mark.django_db
def test_a_member_of_staff_is_named_or_numbered_and_must_exist() -> None:
    ana = make.user("ana")
    its = field("user")

    assert [stored(its, value) for value in (ana, "ana", ana.pk)] == [ana.pk] * 3
    for nobody in ("ben", -1, 2**70, "🌞"):
        with pytest.raises(ValidationError, match="There is no user"):
            stored(its, nobody)


def test_every_kind_is_stored_and_read() -> None:
    assert set(kinds._READ) == set(kinds._TYPED) == set(Kind)
