"""What each control of a step takes, and how it is kept as JSON."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from contacts.texts import written
from pipelines.maps.refusal import Unfit
from pipelines.models import JourneyStep, Step

Control = Step.Control
LONGEST: Final = 5000
MOST_ANSWERS: Final = 200


def clean(step: JourneyStep, value: Any) -> Any:
    """The value as it is kept; None where there is none. Raises Unfit with what would be right.

    Not for mirror steps: their field's own rules decide.
    """
    if isinstance(value, str) and not value.strip():
        value = None
    if value is None and step.control not in NEEDED:
        return None
    try:
        return READ[step.control](step, value)
    except ValidationError as error:
        raise Unfit(error.messages[0], ("value",)) from None


def _choice(step: JourneyStep, value: Any) -> str:
    for choice in step.choices:
        if isinstance(value, str) and choice.casefold() == value.strip().casefold():
            return str(choice)
    raise Unfit(_("Choose one of: %(choices)s.") % {"choices": ", ".join(step.choices[:20])}, ("value",))


def _ticked(step: JourneyStep, value: Any) -> bool:
    if value not in (True, "true", "yes", "on", 1):
        raise Unfit(_("A checkbox is done by ticking it; to take that back, untick it."), ("value",))
    return True


def _date(step: JourneyStep, value: Any) -> str:
    try:
        found = value if isinstance(value, date) else parse_date(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise Unfit(_("Enter a date such as 2026-03-31."), ("value",))
    return found.isoformat()[:10]


def _moment(step: JourneyStep, value: Any) -> str:
    try:
        found = value if isinstance(value, datetime) else parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise Unfit(_("Enter a date and time such as 2026-03-31T14:30."), ("value",))
    return (found if timezone.is_aware(found) else timezone.make_aware(found)).isoformat()


def _text(step: JourneyStep, value: Any) -> str:
    text = written(value)
    if len(text) > LONGEST:
        raise Unfit(_("Enter at most %(n)d characters.") % {"n": LONGEST}, ("value",))
    return text


def _number(step: JourneyStep, value: Any) -> int | float:
    try:
        found = Decimal(str(value)) if not isinstance(value, bool) else Decimal("nan")
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or not math.isfinite(float(found)):
        raise Unfit(_("Enter a number, for example 12.5."), ("value",))
    return int(found) if found == found.to_integral_value() else float(found)


def _form(step: JourneyStep, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or len(value) > MOST_ANSWERS:
        raise Unfit(_("Enter the answers of the form by their names."), ("value",))
    return {_text(step, name): _text(step, answer) for name, answer in value.items()}


# Controls that ask something are not done without an answer; a text may stay empty, as a note may.
NEEDED: Final = (Control.DROPDOWN, Control.RADIO, Control.DATE, Control.DATETIME, Control.NUMBER)
READ: Final[Mapping[str, Callable[[JourneyStep, Any], Any]]] = {
    Control.DROPDOWN: _choice, Control.RADIO: _choice, Control.CHECKBOX: _ticked, Control.DATE: _date,
    Control.DATETIME: _moment, Control.TEXT: _text, Control.NUMBER: _number, Control.FORM: _form,
    Control.VIDEO: _ticked, Control.SCHEDULE: _moment, Control.CALL: _text,
}  # fmt: skip
