"""What a condition may ask about: kinds of fields, and the operators each kind understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Label: TypeAlias = str | StrPromise

Operand = Literal["none", "one", "many", "two", "duration"]


class Kind(StrEnum):
    """What the value of a field is; it decides the operators and how values compare."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    YESNO = "yesno"
    CHOICE = "choice"
    REF = "ref"
    SET = "set"
    # A value from outside, whose type shows only when it is there: the operator says how it is read.
    ANY = "any"


@dataclass(frozen=True)
class Field:
    """One thing a condition may ask about.

    `column` is the ORM path on the namespace's own model, for the sieve: a stored column of the SQL type
    that goes with the kind, over single-valued relations only; None where the database cannot tell.
    `changes`: the fact is a `Change`, and only the change operators are legal.
    `sensitive`: verdicts say whether there is a value, never which.
    `refers_to`: the label of the model that the number of a REF names, where no column of the event's model says so.
    `source`: the name under which `triggers.choices` knows the values there are.
    `called`: what a stored value is called where people read it, such as a country by its code.
    """

    kind: Kind
    label: Label
    choices: tuple[tuple[str, Label], ...] = ()
    column: str | None = None
    changes: bool = False
    sensitive: bool = False
    refers_to: str = ""
    source: str = ""
    called: Callable[[str], str] | None = None


# A dotted name to its field. Pass the `get` of a mapping where there is one: its keys then serve to
# suggest what a misspelt name may have meant.
Lookup = Callable[[str], Field | None]


class Change(NamedTuple):
    """The fact of a field that was written: its value before and after."""

    old: Any
    new: Any


@dataclass(frozen=True)
class Operator:
    """One way to compare a field with an operand.

    `operand` is the shape of the leaf's value: nothing, one value, a list, a pair (`[low, high]` or
    `{"from": …, "to": …}`), or a duration (`{"days": n}`, `{"hours": n}`, `{"minutes": n}`).
    `choices` lists the operands where the operator itself limits them, such as the months.
    """

    key: str
    label: Label
    operand: Operand
    choices: tuple[tuple[int, Label], ...] = ()


# Weekdays count from Monday = 1, as ISO 8601 does; Django's table counts from 0.
_WEEKDAYS = tuple((number + 1, name) for number, name in WEEKDAYS.items())

OPERATORS: dict[str, Operator] = {
    operator.key: operator
    for operator in (
        Operator("is", _("is"), "one"),
        Operator("is_not", _("is not"), "one"),
        Operator("contains", _("contains"), "one"),
        Operator("not_contains", _("does not contain"), "one"),
        Operator("starts_with", _("starts with"), "one"),
        Operator("ends_with", _("ends with"), "one"),
        Operator("is_any_of", _("is any of"), "many"),
        Operator("is_none_of", _("is none of"), "many"),
        Operator("is_set", _("is set"), "none"),
        Operator("is_not_set", _("is not set"), "none"),
        Operator("eq", "=", "one"),
        Operator("ne", "≠", "one"),
        Operator("gt", ">", "one"),
        Operator("gte", "≥", "one"),
        Operator("lt", "<", "one"),
        Operator("lte", "≤", "one"),
        Operator("between", _("is between"), "two"),
        Operator("on", _("is on"), "one"),
        Operator("before", _("is before"), "one"),
        Operator("after", _("is after"), "one"),
        Operator("within_last", _("is within the last"), "duration"),
        Operator("within_next", _("is within the next"), "duration"),
        Operator("day_is", _("day is"), "one"),
        Operator("month_is", _("month is"), "one", tuple(MONTHS.items())),
        Operator("weekday_is", _("weekday is"), "one", _WEEKDAYS),
        Operator("has_any", _("has any of"), "many"),
        Operator("has_all", _("has all of"), "many"),
        Operator("has_none", _("has none of"), "many"),
        Operator("changed", _("changed"), "none"),
        Operator("changed_from", _("changed from"), "one"),
        Operator("changed_to", _("changed to"), "one"),
        Operator("changed_from_to", _("changed from … to"), "two"),
        Operator("increased", _("increased"), "none"),
        Operator("decreased", _("decreased"), "none"),
        Operator("crossed_up", _("rose to or above"), "one"),
        Operator("crossed_down", _("fell to or below"), "one"),
        Operator("was_set", _("was set"), "none"),
        Operator("was_cleared", _("was cleared"), "none"),
    )
}


def _named(keys: str) -> tuple[Operator, ...]:
    return tuple(OPERATORS[key] for key in keys.split())


_PRESENCE = " is_set is_not_set"
_TEXT = _named("is is_not contains not_contains starts_with ends_with is_any_of is_none_of" + _PRESENCE)
_NUMBER = _named("eq ne gt gte lt lte between" + _PRESENCE)
_DATE = _named("on before after within_last within_next day_is month_is weekday_is" + _PRESENCE)
_SET = _named("has_any has_all has_none")
_PLAIN = {
    Kind.TEXT: _TEXT,
    Kind.CHOICE: _TEXT,
    Kind.NUMBER: _NUMBER,
    Kind.MONEY: _NUMBER,
    Kind.DATE: _DATE,
    Kind.DATETIME: _DATE,
    Kind.YESNO: _named("is" + _PRESENCE),
    Kind.REF: _named("is is_not is_any_of is_none_of" + _PRESENCE),
    Kind.SET: _SET + _named(_PRESENCE),
    Kind.ANY: _TEXT + _NUMBER[:-2] + _DATE[:-2] + _SET,
}
_CHANGED_SET = _named("changed was_set was_cleared")
_CHANGED = _named("changed changed_from changed_to changed_from_to was_set was_cleared")
_CHANGED_ORDERED = _CHANGED + _named("increased decreased crossed_up crossed_down")
_CHANGE = {
    Kind.TEXT: _CHANGED,
    Kind.CHOICE: _CHANGED,
    Kind.NUMBER: _CHANGED_ORDERED,
    Kind.MONEY: _CHANGED_ORDERED,
    Kind.DATE: _CHANGED_ORDERED,
    Kind.DATETIME: _CHANGED_ORDERED,
    Kind.YESNO: _CHANGED,
    Kind.REF: _CHANGED,
    Kind.SET: _CHANGED_SET,
    Kind.ANY: _CHANGED,
}
_ASKED = {
    operator.key: kind
    for kind, offered in ((Kind.TEXT, _TEXT), (Kind.NUMBER, _NUMBER), (Kind.DATETIME, _DATE), (Kind.SET, _SET))
    for operator in offered
    if not operator.key.endswith("_set")
}


def operators(field: Field) -> tuple[Operator, ...]:
    """The operators that are legal for the field, in the order a builder offers them."""
    return (_CHANGE if field.changes else _PLAIN)[field.kind]


def kind_asked(field: Field, op: str) -> Kind:
    """The kind that a comparison takes the field for: its own, or what the operator asks of an ANY."""
    return _ASKED.get(op, Kind.TEXT) if field.kind is Kind.ANY else field.kind
