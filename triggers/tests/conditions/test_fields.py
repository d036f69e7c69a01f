import pytest

from triggers.conditions.comparisons import TESTS
from triggers.conditions.fields import OPERATORS, Field, Kind, kind_asked, operators

TEXT = "is is_not contains not_contains starts_with ends_with is_any_of is_none_of is_set is_not_set"
NUMBER = "eq ne gt gte lt lte between is_set is_not_set"
DATE = "on before after within_last within_next day_is month_is weekday_is is_set is_not_set"
WITHOUT_PRESENCE = f"{NUMBER} {DATE}".replace(" is_set is_not_set", "")
CHANGED = "changed changed_from changed_to changed_from_to was_set was_cleared"
ORDERED = CHANGED + " increased decreased crossed_up crossed_down"


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (Kind.TEXT, TEXT),
        (Kind.CHOICE, TEXT),
        (Kind.NUMBER, NUMBER),
        (Kind.MONEY, NUMBER),
        (Kind.DATE, DATE),
        (Kind.DATETIME, DATE),
        (Kind.YESNO, "is is_set is_not_set"),
        (Kind.REF, "is is_not is_any_of is_none_of is_set is_not_set"),
        (Kind.SET, "has_any has_all has_none is_set is_not_set"),
        (Kind.ANY, f"{TEXT} {WITHOUT_PRESENCE} has_any has_all has_none"),
    ],
)
def test_operators_follow_the_kind(kind, keys):
    field = Field(kind, "x")

    offered = [operator.key for operator in operators(field)]

    assert offered == keys.split()


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (Kind.TEXT, CHANGED),
        (Kind.CHOICE, CHANGED),
        (Kind.NUMBER, ORDERED),
        (Kind.MONEY, ORDERED),
        (Kind.DATE, ORDERED),
        (Kind.DATETIME, ORDERED),
        (Kind.YESNO, CHANGED),
        (Kind.REF, CHANGED),
        (Kind.SET, "changed was_set was_cleared"),
        (Kind.ANY, CHANGED),
    ],
)
def test_a_change_has_only_change_operators(kind, keys):
    field = Field(kind, "x", changes=True)

    offered = [operator.key for operator in operators(field)]

    assert offered == keys.split()


def test_every_operator_is_offered_for_some_kind_and_has_a_meaning():
    fields = [Field(kind, "x", changes=changes) for kind in Kind for changes in (False, True)]

    offered = {operator.key for field in fields for operator in operators(field)}

    assert offered == set(OPERATORS) == set(TESTS)


def test_labels_are_words_a_builder_can_show():
    labels = {key: str(operator.label) for key, operator in OPERATORS.items()}

    assert labels["is_any_of"] == "is any of"
    assert labels["gte"] == "≥"
    assert labels["crossed_up"] == "rose to or above"
    assert all(labels.values())


def test_operators_that_limit_their_operand_list_the_choices():
    weekdays = [(number, str(name)) for number, name in OPERATORS["weekday_is"].choices]
    months = [(number, str(name)) for number, name in OPERATORS["month_is"].choices]

    assert weekdays[0] == (1, "Monday")
    assert weekdays[-1] == (7, "Sunday")
    assert months[0] == (1, "January")
    assert len(months) == 12


@pytest.mark.parametrize(
    ("kind", "op", "asked"),
    [
        (Kind.ANY, "contains", Kind.TEXT),
        (Kind.ANY, "gt", Kind.NUMBER),
        (Kind.ANY, "before", Kind.DATETIME),
        (Kind.ANY, "has_any", Kind.SET),
        (Kind.DATE, "before", Kind.DATE),
        (Kind.MONEY, "gt", Kind.MONEY),
    ],
)
def test_the_operator_says_what_a_field_of_any_kind_is_taken_for(kind, op, asked):
    assert kind_asked(Field(kind, "x"), op) is asked
