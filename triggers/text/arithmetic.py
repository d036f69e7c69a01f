"""Arithmetic in texts: exact decimals within 28 digits, so that money stays money and nothing grows huge."""

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from django.utils.translation import gettext as _
from liquid.undefined import Undefined

from triggers.text.errors import TextError
from triggers.text.plain import text_of

Number = int | Decimal

MAX_NUMBER = 10**28
MAX_DECIMALS = 10
_DIGITS = re.compile(r"[+-]?[0-9]{1,28}(\.[0-9]{0,28})?")


def number_of(value: object) -> Number:
    """The value as an exact number; missing counts as 0. Raises TextError for anything else."""
    if value is None or isinstance(value, Undefined):
        return 0
    if isinstance(value, str):
        return _parsed(value)
    if isinstance(value, float):
        return _in_range(Decimal(repr(value)))
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _in_range(value)
    raise _no_number(value)


def _parsed(text: str) -> Number:
    digits = text.strip()
    if digits and not _DIGITS.fullmatch(digits):
        raise _no_number(text)
    return Decimal(digits) if "." in digits else int(digits or 0)


def _no_number(value: object) -> TextError:
    return TextError(_("“%(value)s” is not a number.") % {"value": text_of(value)[:40]})


def _in_range(number: Number) -> Number:
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        raise TextError(_("A number in this text has more than 28 digits."))
    return number


def arithmetic(operation: Callable[[Any, Any], Number]) -> Callable[[object, object], Number]:
    """A filter that applies the operation to two numbers."""

    def calculate(value: object, other: object) -> Number:
        with localcontext(Context(prec=28)):
            return _in_range(operation(number_of(value), number_of(other)))

    return calculate


def divided(value: Number, other: Number) -> Number:
    """Whole numbers divide to a whole number, as in every Liquid; 2.0 instead of 2 keeps the decimals."""
    if other == 0:
        raise TextError(_("A number cannot be divided by zero."))
    whole = isinstance(value, int) and isinstance(other, int)
    return value // other if whole else Decimal(value) / Decimal(other)


def rounded(value: object, decimals: object = 0) -> Number:
    """Half up, as on an invoice; a number with decimals keeps as many as asked for, 2.50 included."""
    number, places = number_of(value), number_of(decimals)
    if isinstance(number, int):
        return number
    if not 0 <= places <= MAX_DECIMALS:
        raise TextError(_("The filter “round” takes 0 to 10 decimals."))
    with localcontext(Context(prec=50)):
        shorter = number.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)
    return shorter if int(places) else int(shorter)


def absolute(value: object) -> Number:
    number = number_of(value)
    return -number if number < 0 else number


def floor(value: object) -> int:
    return math.floor(number_of(value))


def ceil(value: object) -> int:
    return math.ceil(number_of(value))
