"""Amounts as providers write them: whole numbers of the smallest unit, or decimal text. Never a float."""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.custom.money import decimals, validate_currency
from providers.frame import Unclear

# Stripe's own table, where it differs from ISO 4217: it counts these in hundredths, or in whole units.
_HUNDREDTHS: Final = ("ISK", "UGX")
_WHOLE: Final = ("MGA",)
LARGEST: Final = Decimal(10) ** 12


def currency(value: Any) -> str:
    """The three letters of a currency. Raises `Unclear`."""
    code = str(value or "").upper()
    try:
        validate_currency(code)
    except ValidationError:
        raise Unclear(_("“%(code)s” is no currency that we know.") % {"code": code[:20]}) from None
    return code


def from_minor(value: Any, code: str) -> Decimal:
    """An amount from Stripe's smallest units: 1099 EUR is 10.99, 500 JPY is 500, 1000 KWD is 1. Raises `Unclear`."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unclear(_("An amount is no whole number of the smallest unit."))
    return _bounded(Decimal(value).scaleb(-_places(code)))


def to_minor(value: Decimal, code: str) -> int:
    """An amount in Stripe's smallest units: 10.99 EUR is 1099. Raises `Unclear` where it has more decimals than that."""
    found = value.scaleb(_places(code))
    if found != found.to_integral_value():
        words = {"currency": code}
        raise Unclear(_("An amount has more decimals than %(currency)s is counted in.") % words)
    return int(found)


def _places(code: str) -> int:
    return 2 if code in _HUNDREDTHS else 0 if code in _WHOLE else decimals(code)


def from_text(value: Any) -> Decimal:
    """An amount from text such as "10.99"; nothing counts as none. Raises `Unclear`."""
    try:
        found = Decimal(str(value)) if value not in (None, "") else Decimal(0)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or isinstance(value, float):
        raise Unclear(_("“%(text)s” is no amount.") % {"text": str(value)[:40]})
    return _bounded(found)


def _bounded(value: Decimal) -> Decimal:
    if not 0 <= value < LARGEST:
        raise Unclear(_("An amount is below nothing, or far too large."))
    return value
