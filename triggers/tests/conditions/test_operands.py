from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from triggers.conditions.fields import Field, Kind
from triggers.conditions.operands import WrongOperand, coerce
from triggers.tests.conditions.trees import COUNTRIES

TEXT = Field(Kind.TEXT, "x")
CHOICE = Field(Kind.CHOICE, "x", COUNTRIES)
NUMBER = Field(Kind.NUMBER, "x")
MONEY = Field(Kind.MONEY, "x")
DATE = Field(Kind.DATE, "x")
DATETIME = Field(Kind.DATETIME, "x")
YESNO = Field(Kind.YESNO, "x")
REF = Field(Kind.REF, "x")
TAGS = Field(Kind.SET, "x")
STAGE = Field(Kind.CHOICE, "x", COUNTRIES, changes=True)


@pytest.mark.parametrize(
    ("field", "op", "value", "operand"),
    [
        (TEXT, "is", "Straße", "strasse"),
        (TEXT, "is", " VIP ", " vip "),
        (TEXT, "is", "{{ 7*7 }}", "{{ 7*7 }}"),
        (TEXT, "contains", "__class__", "__class__"),
        pytest.param(TEXT, "is", "x" * 10_000, "x" * 10_000, id="longest text"),
        (TEXT, "is_any_of", ["A", "a", "B"], frozenset({"a", "b"})),
        (TEXT, "is_set", None, None),
        (CHOICE, "is", "de", "de"),
        (CHOICE, "contains", "D", "d"),
        (NUMBER, "eq", 5, 5),
        (NUMBER, "eq", "5000", 5000),
        (NUMBER, "eq", "-2.50", Decimal("-2.50")),
        (NUMBER, "eq", 0.1, Decimal("0.1")),
        (NUMBER, "between", [1, 1], (1, 1)),
        (NUMBER, "between", {"from": 1, "to": 2}, (1, 2)),
        (MONEY, "gt", 50, Decimal(50)),
        (DATE, "on", "2026-03-31", date(2026, 3, 31)),
        (DATE, "within_last", {"days": 36_500}, timedelta(days=36_500)),
        (DATE, "month_is", "3", 3),
        (DATETIME, "before", "2026-03-31", date(2026, 3, 31)),
        (DATETIME, "before", "2026-03-31T09:00", datetime(2026, 3, 31, 9)),
        (DATETIME, "before", "2026-03-31T09:00:00Z", datetime(2026, 3, 31, 9, tzinfo=UTC)),
        (DATETIME, "within_next", {"minutes": 5}, timedelta(minutes=5)),
        (YESNO, "is", False, False),
        (YESNO, "is", "Yes", True),
        (REF, "is", "12", 12),
        (REF, "is_any_of", [1, 2, 1], frozenset({1, 2})),
        (TAGS, "has_all", ["VIP", "É"], frozenset({"vip", "é"})),
        (STAGE, "changed_from_to", {"from": "DE", "to": "fr"}, ("de", "fr")),
    ],
)
def test_values_become_operands(field, op, value, operand):
    coerced = coerce(field, op, value)

    assert coerced == operand
    assert type(coerced) is type(operand)


A_NUMBER = "Enter a number, for example 5000."
AN_AMOUNT = "Enter an amount, for example 49.90."
A_DATE = "Enter a date, for example 2026-03-31."
A_MOMENT = "Enter a date or a date and time, for example 2026-03-31 or 2026-03-31T09:00."
A_SPAN = 'Enter a whole number of days, hours or minutes, for example {"days": 7}.'
DAYS_ONLY = 'Enter a whole number of days, for example {"days": 7}.'
DIGITS = "Enter a number with at most 30 digits."
A_LIST = "Enter a list with at least one value."
A_PAIR = "Enter two values, as a list or as from and to."
AN_ENTRY = "Choose an entry by its number, for example 12."
NOT_TEXT = "Remove the characters that are not text."


@pytest.mark.parametrize(
    ("field", "op", "value", "message"),
    [
        (TEXT, "is", 5, "Enter text."),
        (TEXT, "is", None, "Enter text."),
        (TEXT, "is", {"field": "contact.name"}, "Enter text."),
        (TEXT, "is", "", 'Enter some text. To ask whether there is any, choose "is set" or "is not set".'),
        pytest.param(TEXT, "is", "x" * 10_001, "Enter at most 10000 characters.", id="too long"),
        (TEXT, "is", "a\0b", NOT_TEXT),
        (TEXT, "is", "a\ud800b", NOT_TEXT),
        (TEXT, "is_set", "x", "Leave the value out; this comparison needs none."),
        (TEXT, "is_any_of", "x", A_LIST),
        (TEXT, "is_any_of", [], A_LIST),
        (TEXT, "is_any_of", ["x"] * 501, "Enter at most 500 values."),
        (CHOICE, "is", "Germny", "Did you mean DE?"),
        (CHOICE, "is", "zzz", "Choose one of: DE, FR, fi, É."),
        (CHOICE, "is", 5, "Choose one of: DE, FR, fi, É."),
        (NUMBER, "gt", "many", A_NUMBER),
        (NUMBER, "gt", None, A_NUMBER),
        (NUMBER, "gt", True, A_NUMBER),
        (NUMBER, "gt", [5], A_NUMBER),
        (NUMBER, "gt", "1,000", A_NUMBER),
        (NUMBER, "gt", float("nan"), A_NUMBER),
        (NUMBER, "gt", float("inf"), A_NUMBER),
        (NUMBER, "gt", "NaN", A_NUMBER),
        (NUMBER, "gt", "sNaN", A_NUMBER),
        (NUMBER, "gt", "-Infinity", A_NUMBER),
        pytest.param(NUMBER, "gt", "9" * 100_000, A_NUMBER, id="endless text"),
        pytest.param(NUMBER, "gt", 10**100_000, DIGITS, id="endless number"),
        (NUMBER, "gt", "1e999999999", DIGITS),
        (NUMBER, "gt", "1e-31", DIGITS),
        (NUMBER, "gt", 1e300, DIGITS),
        (NUMBER, "between", [2, 1], "Enter the smaller value first."),
        (NUMBER, "between", [1], A_PAIR),
        (NUMBER, "between", {"from": 1}, A_PAIR),
        (NUMBER, "between", {"from": 1, "to": 2, "x": 3}, A_PAIR),
        (MONEY, "gt", "49,90", AN_AMOUNT),
        (DATE, "on", "31.03.2026", A_DATE),
        (DATE, "on", "2026-02-30", A_DATE),
        (DATE, "on", "0001-01-01", A_DATE),
        (DATE, "before", "2026-03-31T09:00", A_DATE),
        (DATE, "on", 20260331, A_DATE),
        (DATE, "within_last", {"hours": 5}, DAYS_ONLY),
        (DATE, "day_is", 32, "Enter a day of the month from 1 to 31."),
        (DATE, "month_is", 0, "Enter a month from 1 (January) to 12 (December)."),
        (DATE, "weekday_is", "Monday", "Enter a weekday from 1 (Monday) to 7 (Sunday)."),
        (DATE, "weekday_is", True, "Enter a weekday from 1 (Monday) to 7 (Sunday)."),
        (DATETIME, "on", "2026-03-31T09:00", A_DATE),
        (DATETIME, "after", "soon", A_MOMENT),
        (DATETIME, "after", "9999-12-31T23:59:59Z", A_MOMENT),
        (DATETIME, "within_last", 7, A_SPAN),
        (DATETIME, "within_last", {"days": 0}, A_SPAN),
        (DATETIME, "within_last", {"days": 1.5}, A_SPAN),
        (DATETIME, "within_last", {"days": True}, A_SPAN),
        (DATETIME, "within_last", {"days": 36_501}, A_SPAN),
        (DATETIME, "within_last", {"weeks": 1}, A_SPAN),
        (DATETIME, "within_last", {"days": 1, "hours": 1}, A_SPAN),
        (YESNO, "is", 1, "Choose yes or no."),
        (YESNO, "is", "maybe", "Choose yes or no."),
        (REF, "is", "anna", AN_ENTRY),
        (REF, "is", 0, AN_ENTRY),
        (REF, "is", 2**63, AN_ENTRY),
        (REF, "is", True, AN_ENTRY),
        (STAGE, "changed_from_to", {"from": "DE", "to": "de"}, "Enter two different values."),
    ],
)
def test_what_does_not_fit_is_refused_by_saying_what_would(field, op, value, message):
    with pytest.raises(WrongOperand) as refused:
        coerce(field, op, value)

    assert refused.value.message == message


@pytest.mark.parametrize(
    ("field", "op", "value", "path"),
    [
        (TEXT, "is", 5, ()),
        (TEXT, "is_any_of", ["x", 5], (1,)),
        (NUMBER, "between", [1, "x"], (1,)),
        (NUMBER, "between", {"from": "x", "to": 1}, ("from",)),
    ],
)
def test_the_path_leads_to_the_part_that_is_wrong(field, op, value, path):
    with pytest.raises(WrongOperand) as refused:
        coerce(field, op, value)

    assert refused.value.path == path


def test_a_long_list_of_choices_is_cut():
    field = Field(Kind.CHOICE, "x", tuple((f"key{number}", "") for number in range(30)))

    with pytest.raises(WrongOperand) as refused:
        coerce(field, "is", "?")

    assert refused.value.message.endswith("key8, key9, ….")
