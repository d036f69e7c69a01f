"""How a fact reads to a comparison: text folded, numbers exact, moments in UTC, anything else missing.

A fact that is absent, None, an empty text or of another type than its field reads as None, and every
comparison with None is false. So a number is never compared as text and a yes/no never as a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from triggers.conditions.fields import Change, Field, Kind, kind_asked

Read = Callable[[Any], Any]


def is_present(value: Any) -> bool:
    """Whether a fact is set: an empty text and an empty set are not, zero and "no" are."""
    if isinstance(value, str | list | tuple | set | frozenset):
        return bool(value)
    return value is not None


def _text(value: Any) -> str | None:
    return value.casefold() if isinstance(value, str) and value else None


def _number(value: Any) -> int | Decimal | None:
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    # The shortest text of a float is the number a person typed: 0.1, not 0.1000000000000000055.
    return Decimal(repr(value)) if isinstance(value, float) and math.isfinite(value) else None


def _money(value: Any) -> Decimal | None:
    # Amounts are Decimal on both sides: comparing one with an int converts the int every time.
    number = _number(value)
    return Decimal(number) if isinstance(number, int) else number


def _date(value: Any) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _datetime(value: Any) -> datetime | None:
    # Two moments that share a zone object compare by wall clock; UTC keeps the repeated hour in order.
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return value.replace(tzinfo=UTC)


def _yesno(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _ref(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _set(value: Any) -> frozenset[str] | None:
    if not isinstance(value, list | tuple | set | frozenset) or isinstance(value, Change):
        return None
    return frozenset(item.casefold() for item in value if isinstance(item, str))


_COMPARABLE: dict[Kind, Read] = {
    Kind.TEXT: _text,
    Kind.CHOICE: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.YESNO: _yesno,
    Kind.REF: _ref,
    Kind.SET: _set,
    Kind.ANY: _text,
}


def _loose_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return _text(str(value) if isinstance(value, int | Decimal | float) else value)
    except ValueError:  # Python refuses to write out an int of thousands of digits
        return None


def _loose_number(value: Any) -> int | Decimal | None:
    if not isinstance(value, str) or len(value) > 40:
        return _number(value)
    try:
        return _number(Decimal(value))
    except InvalidOperation:
        return None


def _loose_datetime(value: Any) -> datetime | None:
    if not isinstance(value, str) or len(value) > 40:
        return _datetime(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return _datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


# What came from outside has no declared type: digits count as a number where a number is asked for.
_LOOSE: dict[Kind, Read] = {
    Kind.TEXT: _loose_text,
    Kind.NUMBER: _loose_number,
    Kind.DATETIME: _loose_datetime,
    Kind.SET: _set,
}


def _verbatim(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _both_sides(read: Read) -> Read:
    def read_change(value: Any) -> Change | None:
        return Change(read(value.old), read(value.new)) if isinstance(value, Change) else None

    return read_change


_CHANGES = {kind: _both_sides(read) for kind, read in _COMPARABLE.items()}
_CHANGES_VERBATIM = _both_sides(_verbatim)
_CHANGES_PRESENT = _both_sides(is_present)
_CHANGES_SET = _both_sides(lambda value: _set(value) or None)


def reader(field: Field, op: str) -> Read:
    """How a leaf with this operator reads the fact of this field."""
    if op in ("is_set", "is_not_set"):
        return is_present
    if op in ("was_set", "was_cleared"):
        return _CHANGES_PRESENT
    if op == "changed" and field.kind in (Kind.TEXT, Kind.CHOICE):
        # Correcting "anna" to "Anna" is a change, though both are the same text to a comparison.
        return _CHANGES_VERBATIM
    if op == "changed" and field.kind is Kind.SET:
        return _CHANGES_SET
    if field.kind is Kind.ANY and not field.changes:
        return _LOOSE[kind_asked(field, op)]
    return (_CHANGES if field.changes else _COMPARABLE)[field.kind]
