from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from triggers.conditions.fields import Change, Field, Kind
from triggers.conditions.values import is_present, reader

AWARE = datetime(2026, 3, 31, 12, tzinfo=UTC)


def read(kind, value, op="is", changes=False):
    return reader(Field(kind, "x", changes=changes), op)(value)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Kind.TEXT, "Straße", "strasse"),
        (Kind.TEXT, " VIP ", " vip "),
        (Kind.CHOICE, "DE", "de"),
        (Kind.NUMBER, 5, 5),
        (Kind.NUMBER, 0.1, Decimal("0.1")),
        (Kind.NUMBER, Decimal("2.50"), Decimal("2.5")),
        (Kind.MONEY, 5, Decimal(5)),
        (Kind.DATE, date(2026, 3, 31), date(2026, 3, 31)),
        (Kind.DATETIME, AWARE.astimezone(timezone(timedelta(hours=9))), AWARE),
        (Kind.YESNO, False, False),
        (Kind.REF, 7, 7),
        (Kind.SET, ["VIP", "É"], frozenset({"vip", "é"})),
        (Kind.SET, {"VIP"}, frozenset({"vip"})),
        (Kind.SET, [], frozenset()),
    ],
)
def test_facts_read_as_what_compares(kind, value, expected):
    assert read(kind, value) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *((kind, None) for kind in Kind),
        (Kind.TEXT, ""),
        (Kind.TEXT, 5),
        (Kind.NUMBER, "5"),
        (Kind.NUMBER, True),
        (Kind.NUMBER, float("nan")),
        (Kind.NUMBER, float("inf")),
        (Kind.NUMBER, Decimal("NaN")),
        (Kind.NUMBER, Decimal("sNaN")),
        (Kind.MONEY, "19.99"),
        (Kind.DATE, AWARE),
        (Kind.DATE, "2026-03-31"),
        (Kind.DATETIME, date(2026, 3, 31)),
        (Kind.DATETIME, datetime(2026, 3, 31, 12)),
        (Kind.YESNO, 1),
        (Kind.YESNO, "yes"),
        (Kind.REF, True),
        (Kind.REF, "7"),
        (Kind.SET, "VIP"),
        (Kind.SET, Change("a", "b")),
    ],
)
def test_a_missing_fact_and_one_of_another_type_read_as_none(kind, value):
    assert read(kind, value) is None


def test_a_moment_at_the_edge_of_the_calendar_still_reads():
    first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9)))

    assert read(Kind.DATETIME, first) == datetime(1, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("value", [0, False, "x", ["a"], AWARE, Decimal(0)])
def test_zero_and_no_are_present(value):
    assert is_present(value) is True


@pytest.mark.parametrize("value", [None, "", [], set(), ()])
def test_nothing_and_the_empty_are_not_present(value):
    assert is_present(value) is False


def test_a_change_is_read_on_both_sides():
    assert read(Kind.TEXT, Change("Anna", "ANNA"), "changed_to", changes=True) == Change("anna", "anna")
    assert read(Kind.NUMBER, Change(None, 0.5), "increased", changes=True) == Change(None, Decimal("0.5"))


def test_changed_reads_text_to_the_letter():
    assert read(Kind.TEXT, Change("anna", "Anna"), "changed", changes=True) == Change("anna", "Anna")
    assert read(Kind.TEXT, Change("", None), "changed", changes=True) == Change(None, None)


def test_an_empty_set_and_no_set_are_the_same_to_a_change():
    assert read(Kind.SET, Change(None, []), "changed", changes=True) == Change(None, None)


@pytest.mark.parametrize("value", [None, "Anna", ("a", "b")])
def test_a_change_that_is_none_reads_as_none(value):
    assert read(Kind.TEXT, value, "changed", changes=True) is None
    assert read(Kind.TEXT, value, "was_set", changes=True) is None


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("is", "VIP", "vip"),
        ("is", 5, "5"),
        ("is", Decimal("1E+3"), "1e+3"),
        ("is", True, "true"),
        ("gt", "5.50", Decimal("5.50")),
        ("gt", 5, 5),
        ("before", "2026-03-31T12:00:00+00:00", AWARE),
        ("before", "2026-03-31T12:00", AWARE),
        ("has_any", ["VIP"], frozenset({"vip"})),
    ],
)
def test_a_value_from_outside_reads_as_the_operator_asks(op, value, expected):
    assert read(Kind.ANY, value, op) == expected


@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("is", ""),
        ("is", ["x"]),
        pytest.param("is", 10**5000, id="endless number"),
        ("gt", "many"),
        ("gt", "NaN"),
        ("gt", True),
        pytest.param("gt", "9" * 41, id="endless digits"),
        ("before", "soon"),
        ("has_any", "VIP"),
    ],
)
def test_a_value_from_outside_that_cannot_be_read_so_is_none(op, value):
    assert read(Kind.ANY, value, op) is None
