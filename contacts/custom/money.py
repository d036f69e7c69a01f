"""Amounts with their currency: ISO 4217's codes, and how many decimals each takes."""

import re
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.custom.numbers import exact
from contacts.texts import line


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


CURRENCIES: Final = _codes(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
_NO_DECIMALS: Final = _codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF")
_THREE_DECIMALS: Final = _codes("BHD IQD JOD KWD LYD OMR TND")
_CODE_FIRST: Final = re.compile(r"([A-Za-z]{3})\s*(\S+)")
_CODE_LAST: Final = re.compile(r"(\S*\d)\s*([A-Za-z]{3})")


def decimals(currency: str) -> int:
    return 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2


def validate_currency(code: str) -> None:
    """Raises ValidationError unless `code` is a currency of ISO 4217 in use."""
    if code not in CURRENCIES:
        raise ValidationError(
            _("“%(code)s” is no currency. Enter its three letters, such as EUR."), params={"code": code}
        )


def read(value: Any, currency: str = "") -> dict[str, str] | None:
    """`{"amount": "49.90", "currency": "EUR"}`; None where there is no amount.

    Takes that form, an amount alone (then in `currency`), or text such as “49.90 EUR”. Raises ValidationError.
    """
    amount, code = _parts(value)
    code = code.upper() or currency
    if amount in (None, ""):
        return None
    number = exact(amount, _("Enter an amount, for example 49.90."))
    if not code:
        raise ValidationError(_("Add the currency, for example 49.90 EUR."))
    validate_currency(code)
    places = decimals(code)
    fitted = number.quantize(Decimal(1).scaleb(-places))
    if fitted != number:
        raise ValidationError(
            _("An amount in %(currency)s has at most %(n)d decimals.") % {"currency": code, "n": places}
        )
    return {"amount": f"{fitted:f}", "currency": code}


def is_money(value: Any) -> bool:
    """Whether this is the stored form of an amount."""
    return isinstance(value, dict) and value.keys() == {"amount", "currency"}


def _parts(value: Any) -> tuple[Any, str]:
    if isinstance(value, dict):
        if not value.keys() <= {"amount", "currency"}:
            raise ValidationError(
                _('Enter an amount, for example 49.90 EUR or {"amount": "49.90", "currency": "EUR"}.')
            )
        return value.get("amount"), line(value.get("currency"))
    if not isinstance(value, str):
        return value, ""
    text = line(value)
    if found := _CODE_FIRST.fullmatch(text):
        return found[2], found[1]
    if found := _CODE_LAST.fullmatch(text):
        return found[1], found[2]
    return text, ""
