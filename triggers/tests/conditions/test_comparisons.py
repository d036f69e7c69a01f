"""Each operator, by what it says about a fact. `holds` compiles a leaf and judges it at NOW in Berlin."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from triggers.conditions.fields import OPERATORS, Change, kind_asked, operators
from triggers.tests.conditions.trees import FIELDS, NOW, compiled_leaf, holds

TEXT_CASES = [
    ("is", "VIP", "vip", True),
    ("is", "STRASSE", "Straße", True),
    ("is", "É", "é", True),
    ("is", "vip", " vip", False),
    ("is_not", "vip", "gold", True),
    ("is_not", "vip", "VIP", False),
    ("contains", "IP", "vip", True),
    ("contains", "x", "vip", False),
    ("not_contains", "x", "vip", True),
    ("not_contains", "IP", "vip", False),
    ("starts_with", "VI", "vip", True),
    ("starts_with", "IP", "vip", False),
    ("ends_with", "IP", "vip", True),
    ("ends_with", "VI", "vip", False),
    ("is_any_of", ["gold", "VIP"], "vip", True),
    ("is_any_of", ["gold"], "vip", False),
    ("is_none_of", ["gold"], "vip", True),
    ("is_none_of", ["gold", "VIP"], "vip", False),
    ("contains", "%", "vip", False),
    ("contains", ".", "vip", False),
]


@pytest.mark.parametrize(("op", "value", "fact", "expected"), TEXT_CASES)
def test_text(op, value, fact, expected):
    assert holds("contact.name", op, value, fact) is expected


NUMBER_CASES = [
    ("eq", 5, 5, True),
    ("eq", 0.1, Decimal("0.1"), True),
    ("eq", "0.1", 0.1, True),
    ("eq", 5, 6, False),
    ("ne", 5, 6, True),
    ("ne", 5, 5.0, False),
    ("gt", 5, 5, False),
    ("gt", 5, Decimal("5.01"), True),
    ("gte", 5, 5, True),
    ("gte", 5, 4, False),
    ("lt", 5, 5, False),
    ("lt", 5, -6, True),
    ("lte", 5, 5, True),
    ("lte", 5, 6, False),
    ("between", [5, 10], 5, True),
    ("between", [5, 10], 10, True),
    ("between", {"from": 5, "to": 10}, 11, False),
    # As text, "10" comes before "9".
    ("gt", 9, 10, True),
]


@pytest.mark.parametrize("field", ["contact.score", "contact.balance"])
@pytest.mark.parametrize(("op", "value", "fact", "expected"), NUMBER_CASES)
def test_numbers_and_money(field, op, value, fact, expected):
    assert holds(field, op, value, fact) is expected


DATE_CASES = [
    ("on", "2026-03-31", date(2026, 3, 31), True),
    ("on", "2026-03-31", date(2026, 3, 30), False),
    ("before", "2026-03-31", date(2026, 3, 30), True),
    ("before", "2026-03-31", date(2026, 3, 31), False),
    ("after", "2026-03-31", date(2026, 4, 1), True),
    ("after", "2026-03-31", date(2026, 3, 31), False),
    ("within_last", {"days": 7}, date(2026, 3, 24), True),
    ("within_last", {"days": 7}, date(2026, 3, 23), False),
    ("within_last", {"days": 7}, date(2026, 4, 1), False),
    ("within_next", {"days": 7}, date(2026, 3, 31), True),
    ("within_next", {"days": 7}, date(2026, 4, 7), True),
    ("within_next", {"days": 7}, date(2026, 4, 8), False),
    ("within_next", {"days": 7}, date(2026, 3, 30), False),
    ("day_is", 29, date(1984, 2, 29), True),
    ("day_is", 28, date(1984, 2, 29), False),
    ("month_is", 2, date(1984, 2, 29), True),
    ("month_is", 3, date(1984, 2, 29), False),
    ("weekday_is", 2, date(2026, 3, 31), True),
    ("weekday_is", 7, date(2026, 3, 29), True),
    ("weekday_is", 1, date(2026, 3, 31), False),
]


@pytest.mark.parametrize(("op", "value", "fact", "expected"), DATE_CASES)
def test_dates(op, value, fact, expected):
    assert holds("contact.born", op, value, fact) is expected


# 22:30 in UTC is half past midnight of the next day in Berlin, which is on summer time.
LATE = datetime(2026, 3, 30, 22, 30, tzinfo=UTC)
DATETIME_CASES = [
    ("on", "2026-03-31", LATE, True),
    ("on", "2026-03-30", LATE, False),
    ("before", "2026-03-31", LATE, False),
    ("before", "2026-04-01", LATE, True),
    ("after", "2026-03-30", LATE, True),
    ("after", "2026-03-31", LATE, False),
    ("before", "2026-03-30T22:31:00Z", LATE, True),
    ("before", "2026-03-30T22:30:00Z", LATE, False),
    ("after", "2026-03-31T00:29:00", LATE, True),
    ("after", "2026-03-31T00:30:00+02:00", LATE, False),
    ("within_last", {"hours": 2}, NOW - timedelta(hours=2), True),
    ("within_last", {"hours": 2}, NOW - timedelta(hours=2, seconds=1), False),
    ("within_last", {"minutes": 5}, NOW + timedelta(seconds=1), False),
    ("within_last", {"days": 3}, NOW - timedelta(days=3), True),
    ("within_next", {"minutes": 30}, NOW + timedelta(minutes=30), True),
    ("within_next", {"minutes": 30}, NOW + timedelta(minutes=31), False),
    ("within_next", {"minutes": 30}, NOW - timedelta(seconds=1), False),
    ("day_is", 31, LATE, True),
    ("month_is", 3, LATE, True),
    ("weekday_is", 2, LATE, True),
    ("weekday_is", 1, LATE, False),
]


@pytest.mark.parametrize(("op", "value", "fact", "expected"), DATETIME_CASES)
def test_moments_are_judged_in_the_zone(op, value, fact, expected):
    assert holds("contact.seen", op, value, fact) is expected


def test_the_same_moment_is_another_day_elsewhere():
    assert holds("contact.seen", "on", "2026-03-30", LATE, ZoneInfo("America/New_York")) is True


def test_the_repeated_hour_keeps_its_order():
    # Both are 02:30 on a Berlin wall; the second comes an hour later.
    berlin = ZoneInfo("Europe/Berlin")
    second = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=berlin)

    assert holds("contact.seen", "after", "2026-10-25T02:45:00", second) is True


@pytest.mark.parametrize(
    ("value", "fact", "expected"),
    [(True, True, True), (True, False, False), (False, False, True), ("no", False, True)],
)
def test_yes_and_no(value, fact, expected):
    assert holds("contact.vip", "is", value, fact) is expected


@pytest.mark.parametrize(
    ("op", "value", "fact", "expected"),
    [
        ("is", 7, 7, True),
        ("is", "7", 7, True),
        ("is", 7, 8, False),
        ("is_not", 7, 8, True),
        ("is_not", 7, 7, False),
        ("is_any_of", [7, 8], 8, True),
        ("is_any_of", [7], 8, False),
        ("is_none_of", [7], 8, True),
        ("is_none_of", [7, 8], 8, False),
        ("is", 1, True, False),
    ],
)
def test_references(op, value, fact, expected):
    assert holds("contact.owner", op, value, fact) is expected


@pytest.mark.parametrize(
    ("op", "value", "fact", "expected"),
    [
        ("has_any", ["vip", "new"], ["VIP"], True),
        ("has_any", ["vip"], {"gold"}, False),
        ("has_all", ["vip", "new"], ["New", "VIP", "gold"], True),
        ("has_all", ["vip", "new"], ["VIP"], False),
        ("has_none", ["vip"], ["gold"], True),
        ("has_none", ["vip"], ["VIP"], False),
        # Nobody who has no tags has this one.
        ("has_none", ["vip"], [], True),
        ("has_any", ["vip"], [], False),
    ],
)
def test_sets(op, value, fact, expected):
    assert holds("contact.tags", op, value, fact) is expected


@pytest.mark.parametrize(
    ("op", "value", "fact", "expected"),
    [
        ("is", "7", 7, True),
        ("gt", 9, "10", True),
        ("gt", 9, "ten", False),
        ("before", "2026-03-31", "2026-03-30T21:00:00Z", True),
        ("before", "2026-03-31", "2026-03-30T22:30:00Z", False),
        ("has_all", ["vip"], ["VIP", "new"], True),
    ],
)
def test_values_from_outside(op, value, fact, expected):
    assert holds("event.answer", op, value, fact) is expected


CHANGE_CASES = [
    ("event.stage", "changed", None, Change("new", "won"), True),
    ("event.stage", "changed", None, Change("new", "new"), False),
    ("event.stage", "changed", None, Change("", None), False),
    ("event.name", "changed", None, Change("anna", "Anna"), True),
    ("event.score", "changed", None, Change(5, Decimal("5.0")), False),
    ("event.tags", "changed", None, Change(["a", "b"], ["b", "a"]), False),
    ("event.tags", "changed", None, Change(["a"], ["a", "b"]), True),
    ("event.stage", "changed_from", "new", Change("new", "won"), True),
    ("event.stage", "changed_from", "new", Change("new", None), True),
    ("event.stage", "changed_from", "new", Change("won", "new"), False),
    ("event.stage", "changed_from", "new", Change("new", "new"), False),
    ("event.stage", "changed_to", "won", Change("new", "won"), True),
    ("event.stage", "changed_to", "won", Change(None, "won"), True),
    ("event.stage", "changed_to", "won", Change("won", "WON"), False),
    ("event.stage", "changed_to", "won", Change("won", "lost"), False),
    ("event.stage", "changed_from_to", {"from": "new", "to": "won"}, Change("new", "won"), True),
    ("event.stage", "changed_from_to", {"from": "new", "to": "won"}, Change("lost", "won"), False),
    ("event.stage", "changed_from_to", {"from": "new", "to": "won"}, Change("new", "lost"), False),
    ("event.score", "increased", None, Change(5, 6), True),
    ("event.score", "increased", None, Change(6, 5), False),
    ("event.score", "increased", None, Change(None, 5), False),
    ("event.score", "decreased", None, Change(6, 5), True),
    ("event.score", "decreased", None, Change(5, 5), False),
    ("event.value", "crossed_up", 50, Change(49, Decimal("50.00")), True),
    ("event.value", "crossed_up", 50, Change(10, 90), True),
    ("event.value", "crossed_up", 50, Change(50, 60), False),
    ("event.value", "crossed_up", 50, Change(10, 49), False),
    ("event.value", "crossed_up", 50, Change(None, 90), False),
    ("event.value", "crossed_down", 50, Change(51, 50), True),
    ("event.value", "crossed_down", 50, Change(50, 40), False),
    ("event.value", "crossed_down", 50, Change(90, 51), False),
    ("event.due", "crossed_up", "2026-03-31", Change(date(2026, 3, 30), date(2026, 3, 31)), True),
    ("event.due", "changed_to", "2026-03-31", Change(None, date(2026, 3, 31)), True),
    ("event.at", "changed_to", "2026-03-31", Change(NOW - timedelta(days=3), LATE), True),
    ("event.at", "changed_to", "2026-03-31", Change(NOW, LATE), False),
    ("event.at", "crossed_up", "2026-03-31", Change(NOW - timedelta(days=1), LATE), True),
    ("event.at", "crossed_down", "2026-03-30T22:30:00Z", Change(NOW, LATE), True),
    ("event.at", "increased", None, Change(LATE, NOW), True),
    ("event.active", "changed_to", True, Change(False, True), True),
    ("event.active", "changed_from", False, Change(None, True), False),
    ("event.owner", "changed_to", 7, Change(3, 7), True),
    ("event.owner", "was_set", None, Change(None, 7), True),
    ("event.owner", "was_set", None, Change(3, 7), False),
    ("event.active", "was_set", None, Change(None, False), True),
    ("event.name", "was_cleared", None, Change("Anna", ""), True),
    ("event.name", "was_cleared", None, Change("", None), False),
    ("event.tags", "was_cleared", None, Change(["a"], []), True),
]


@pytest.mark.parametrize(("field", "op", "value", "fact", "expected"), CHANGE_CASES)
def test_changes(field, op, value, fact, expected):
    assert holds(field, op, value, fact) is expected


def test_every_operator_has_a_case_of_each_outcome():
    cases = TEXT_CASES + NUMBER_CASES + DATE_CASES + DATETIME_CASES
    seen = {(op, expected) for op, _, _, expected in cases}
    seen |= {(op, expected) for _, op, _, _, expected in CHANGE_CASES}
    elsewhere = {"has_any", "has_all", "has_none", "is_set", "is_not_set"}

    assert {(op, outcome) for op in OPERATORS for outcome in (True, False) if op not in elsewhere} <= seen


SAMPLES = {
    "text": ("x", "y"),
    "number": (1, 2),
    "money": (1, 2),
    "date": ("2026-03-31", "2026-04-01"),
    "datetime": ("2026-03-31", "2026-04-01"),
    "yesno": (True, False),
    "ref": (1, 2),
    "set": ("x", "y"),
}


def _operand(field, operator):
    one, other = [key for key, _ in field.choices[:2]] or SAMPLES[kind_asked(field, operator.key)]
    if operator.choices or operator.key == "day_is":
        return 1
    shapes = {"none": None, "one": one, "many": [one], "two": [one, other], "duration": {"days": 1}}
    return shapes[operator.operand]


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("fact", [None, "absent", object()])
def test_a_missing_fact_fails_every_comparison_but_the_one_that_asks_for_it(name, fact):
    field = FIELDS[name]
    facts = {} if fact == "absent" else {name: None if isinstance(fact, str) else fact}

    for operator in operators(field):
        node = compiled_leaf(name, operator.key, _operand(field, operator))
        asks_for_it = operator.key == ("is_not_set" if facts.get(name) is None else "is_set")
        assert node.holds(facts, None) is asks_for_it, operator.key


@pytest.mark.parametrize(
    ("field", "fact", "expected"),
    [
        ("contact.name", "x", True),
        ("contact.name", "", False),
        ("contact.score", 0, True),
        ("contact.vip", False, True),
        ("contact.tags", [], False),
        ("contact.tags", ["x"], True),
        ("contact.born", None, False),
    ],
)
def test_is_set_and_is_not_set_are_opposites(field, fact, expected):
    assert holds(field, "is_set", None, fact) is expected
    assert holds(field, "is_not_set", None, fact) is not expected
