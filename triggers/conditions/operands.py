"""From the value in a leaf to the operand a comparison works with, or to a sentence about what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from triggers.conditions.fields import OPERATORS, Field, Kind, kind_asked

MAX_NAME = 100
MAX_TEXT = 10_000
MAX_LIST = 500
# Wider than any amount, narrow enough that nothing computed from it can run away.
MAX_DIGITS = 30
YEARS = range(1800, 3000)
# A hundred years, in each unit a duration may be given in.
MAX_DURATION = {"days": 36_500, "hours": 876_000, "minutes": 52_560_000}
MAX_ID = 2**63 - 1
SHOWN = 10

Read = Callable[[Any, Field], Any]


class WrongOperand(ValueError):
    """The value does not fit; `path` leads from the leaf's value to the part that is wrong."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def _refuse(message: str) -> NoReturn:
    raise WrongOperand(message)


def is_storable(text: str) -> bool:
    """Whether every database takes the text: no NUL, no half of a surrogate pair."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _text(value: Any, field: Field) -> str:
    if not isinstance(value, str):
        _refuse(_("Enter text."))
    if not value:
        _refuse(_('Enter some text. To ask whether there is any, choose "is set" or "is not set".'))
    if len(value) > MAX_TEXT:
        _refuse(_("Enter at most %(count)s characters.") % {"count": MAX_TEXT})
    if not is_storable(value):
        _refuse(_("Remove the characters that are not text."))
    return value.casefold()


def _choice(value: Any, field: Field) -> str:
    if not field.choices or value == "":
        return _text(value, field)
    if isinstance(value, str) and any(key.casefold() == value.casefold() for key, _label in field.choices):
        return value.casefold()
    near = _near(value, field)
    if near:
        _refuse(_("Did you mean %s?") % ", ".join(near))
    keys = [key for key, _label in field.choices]
    shown = keys[:SHOWN] + ["…"] * (len(keys) > SHOWN)
    return _refuse(_("Choose one of: %s.") % ", ".join(shown))


def _near(value: Any, field: Field) -> list[str]:
    """The keys a person may have meant, going by their keys and their labels."""
    if not isinstance(value, str) or len(value) > MAX_NAME:
        return []
    keys = {str(name).casefold(): choice[0] for choice in field.choices for name in choice}
    return list(dict.fromkeys(keys[name] for name in get_close_matches(value.casefold(), keys)))


def _decimal(value: Any) -> int | Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    try:
        return Decimal(value) if len(value) <= 2 * MAX_DIGITS else None
    except InvalidOperation:
        return None


def _in_range(number: int | Decimal) -> bool:
    # No arithmetic before the size is known: abs() of a huge Decimal overflows.
    if not -(10**MAX_DIGITS) < number < 10**MAX_DIGITS:
        return False
    exponent = Decimal(number).as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MAX_DIGITS


def _number(value: Any, field: Field) -> int | Decimal:
    number = _decimal(value)
    if number is None or (isinstance(number, Decimal) and not number.is_finite()):
        money = field.kind is Kind.MONEY
        _refuse(_("Enter an amount, for example 49.90.") if money else _("Enter a number, for example 5000."))
    if not _in_range(number):
        _refuse(_("Enter a number with at most %(count)s digits.") % {"count": MAX_DIGITS})
    # Facts are mostly whole, and Python compares an int with an int several times faster.
    return int(number) if number == int(number) else number


def _amount(value: Any, field: Field) -> Decimal:
    return Decimal(_number(value, field))


def _parsed(value: Any, *parsers: Callable[[str], date]) -> date | None:
    """What the first parser makes of the text; years a database or a zone cannot carry are refused."""
    for parse in parsers:
        try:
            moment = parse(value) if isinstance(value, str) and len(value) <= 40 else None
        except ValueError:
            continue
        if moment is not None and moment.year in YEARS:
            return moment
    return None


def _iso_day(value: str) -> date:
    return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 a day has no zone


def _day(value: Any, field: Field) -> date:
    return _parsed(value, _iso_day) or _refuse(_("Enter a date, for example 2026-03-31."))


def _moment(value: Any, field: Field) -> date:
    if field.kind is Kind.DATE:
        return _day(value, field)
    wanted = _("Enter a date or a date and time, for example 2026-03-31 or 2026-03-31T09:00.")
    return _parsed(value, _iso_day, datetime.fromisoformat) or _refuse(wanted)


def _yesno(value: Any, field: Field) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    return _refuse(_("Choose yes or no."))


def _whole(low: int, high: int, wanted: Callable[[], str]) -> Read:
    """Whole numbers of a range, also as digits, because that is what a form sends."""

    def read(value: Any, field: Field) -> int:
        digits = isinstance(value, str) and len(value) <= 20 and value.isascii() and value.isdigit()
        number = int(value) if digits else value
        if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
            _refuse(wanted())
        return number

    return read


_BY_KIND: dict[Kind, Read] = {
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.NUMBER: _number,
    Kind.MONEY: _amount,
    Kind.DATE: _moment,
    Kind.DATETIME: _moment,
    Kind.YESNO: _yesno,
    Kind.REF: _whole(1, MAX_ID, lambda: _("Choose an entry by its number, for example 12.")),
    Kind.SET: _choice,
}
_BY_OPERATOR: dict[str, Read] = {
    **dict.fromkeys(("contains", "not_contains", "starts_with", "ends_with"), _text),
    "on": _day,
    "day_is": _whole(1, 31, lambda: _("Enter a day of the month from 1 to 31.")),
    "month_is": _whole(1, 12, lambda: _("Enter a month from 1 (January) to 12 (December).")),
    "weekday_is": _whole(1, 7, lambda: _("Enter a weekday from 1 (Monday) to 7 (Sunday).")),
}


def _many(value: Any, field: Field, read: Read) -> frozenset[Any]:
    if not isinstance(value, list) or not value:
        _refuse(_("Enter a list with at least one value."))
    if len(value) > MAX_LIST:
        _refuse(_("Enter at most %(count)s values.") % {"count": MAX_LIST})
    return frozenset(_part(item, field, read, number) for number, item in enumerate(value))


def _part(value: Any, field: Field, read: Read, step: str | int) -> Any:
    try:
        return read(value, field)
    except WrongOperand as wrong:
        raise WrongOperand(wrong.message, step) from None


def _two(value: Any, field: Field, read: Read) -> tuple[Any, Any]:
    if isinstance(value, dict) and value.keys() == {"from", "to"}:
        return _part(value["from"], field, read, "from"), _part(value["to"], field, read, "to")
    if isinstance(value, list) and len(value) == 2:
        return _part(value[0], field, read, 0), _part(value[1], field, read, 1)
    return _refuse(_("Enter two values, as a list or as from and to."))


def _duration(value: Any, field: Field) -> timedelta:
    units = ["days"] if field.kind is Kind.DATE else list(MAX_DURATION)
    if isinstance(value, dict) and len(value) == 1:
        ((unit, number),) = value.items()
        whole = isinstance(number, int) and not isinstance(number, bool)
        if unit in units and whole and 1 <= number <= MAX_DURATION[unit]:
            return timedelta(**{unit: number})
    if field.kind is Kind.DATE:
        _refuse(_('Enter a whole number of days, for example {"days": 7}.'))
    return _refuse(_('Enter a whole number of days, hours or minutes, for example {"days": 7}.'))


def _pair(op: str, value: Any, field: Field, read: Read) -> tuple[Any, Any]:
    first, second = _two(value, field, read)
    if op == "between" and first > second:
        _refuse(_("Enter the smaller value first."))
    if op == "changed_from_to" and first == second:
        _refuse(_("Enter two different values."))
    return first, second


def coerce(field: Field, op: str, value: Any) -> Any:
    """The operand of a leaf, ready to compare: text folded, numbers exact, dates parsed.

    Raises WrongOperand with a sentence that says what would be right.
    """
    shape = OPERATORS[op].operand
    read = _BY_OPERATOR.get(op) or _BY_KIND[kind_asked(field, op)]
    if shape == "none":
        return None if value is None else _refuse(_("Leave the value out; this comparison needs none."))
    if shape == "many":
        return _many(value, field, read)
    if shape == "two":
        return _pair(op, value, field, read)
    return _duration(value, field) if shape == "duration" else read(value, field)
