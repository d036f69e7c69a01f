"""Phone numbers: what a person typed, read into the one form that can be compared and dialled (E.164)."""

from typing import Final

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

# Longer texts hold more than a number; the column keeps this much of what was typed.
MAX_RAW: Final = 60


def parse(raw: str, region: str = "") -> str:
    """The number as E.164, such as +4930123456; an extension is left out.

    `region` is the country (ISO 3166, two letters) that a number without country code belongs to. Only the
    length is judged: lists of ranges in use age, and would refuse a number newly given out. Raises
    ValidationError that says what to type instead.
    """
    text = raw.strip()
    if len(text) > MAX_RAW:
        raise ValidationError(_("This is too long for a phone number."), code="phone")
    number = _read(text, region.upper())
    why = _impossible(number)
    if why:
        raise ValidationError(why, code="phone")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _read(text: str, region: str) -> PhoneNumber:
    known = region if region in phonenumbers.SUPPORTED_REGIONS else None
    if known is None and text.startswith("00"):
        # 00 dials abroad in most of the world (ITU-T E.123); with a country, its own prefix counts.
        text = f"+{text[2:]}"
    try:
        return phonenumbers.parse(text, known)
    except NumberParseException as error:
        raise ValidationError(_unreadable(error, text), code="phone") from error


def _unreadable(error: NumberParseException, text: str) -> str:
    if error.error_type == NumberParseException.NOT_A_NUMBER:
        return _("“%(text)s” is no phone number.") % {"text": text}
    if error.error_type == NumberParseException.TOO_LONG:
        return _("The phone number has too many digits.")
    if error.error_type != NumberParseException.INVALID_COUNTRY_CODE:
        return _("The phone number has too few digits.")
    if text.startswith("+"):
        return _("No country has the code that “%(text)s” begins with.") % {"text": text}
    return _("Enter the phone number with its country code, such as +49 30 123456, or choose a country.")


def _impossible(number: PhoneNumber) -> str:
    """Why no such number can exist; empty where it can."""
    result = phonenumbers.is_possible_number_with_reason(number)
    if result == ValidationResult.IS_POSSIBLE:
        return ""
    if result == ValidationResult.TOO_LONG:
        return _("The phone number has too many digits.")
    if result == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return _("Enter the phone number with its area code.")
    return _("The phone number has too few digits.")
