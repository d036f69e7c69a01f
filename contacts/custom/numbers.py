"""Numbers that survive JSON: at most 15 digits, so that a float on the way holds every one of them."""

import re
from decimal import Context, Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DIGITS: Final = 15
DECIMALS: Final = 10
_WRITTEN: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_EXACT: Final = Context(prec=80)


def exact(value: Any, wanted: str) -> Decimal:
    """The number as it was meant: digits of any script, no separators but the point.

    Raises ValidationError: `wanted` for what is no number, else what is too long about it.
    """
    number = _decimal(value)
    if number is None or not number.is_finite():
        raise ValidationError(wanted)
    number = _EXACT.normalize(number)
    _sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    if max(len(digits), len(digits) + exponent) > DIGITS:
        raise ValidationError(_("Enter a number with at most %(n)d digits.") % {"n": DIGITS})
    if -exponent > DECIMALS:
        raise ValidationError(_("Enter a number with at most %(n)d decimals.") % {"n": DECIMALS})
    return abs(number) if number == 0 else number


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        # Python refuses to write out an int of thousands of digits.
        return Decimal(value) if value.bit_length() < 200 else Decimal(10) ** 60
    if isinstance(value, float):
        return Decimal(repr(value))
    text = value.strip() if isinstance(value, str) else ""
    return Decimal(text) if len(text) <= 60 and _WRITTEN.fullmatch(text) else None


def stored(number: Decimal) -> int | float:
    """As JSON keeps it: whole where it is whole, else the float with these digits."""
    return int(number) if number == number.to_integral_value() else float(number)


def typed(value: Any) -> int | Decimal | None:
    """The number that was stored; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, int) else Decimal(repr(value))
