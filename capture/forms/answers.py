"""What was sent for the questions of a page, read kind by kind: the answers, and what is wrong with the others.

Stored are texts, numbers, ISO dates, true or false, lists of chosen labels, and names of files.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, Protocol

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from capture.forms import files
from capture.models import FormField
from contacts.custom import numbers
from contacts.mail_addresses import tidied
from contacts.texts import line, written

Kind = FormField.Kind
MAX_TEXT: Final = 1000
MAX_LONG: Final = 10_000
MAX_NUMBER: Final = 30
# Kept open for what phones and people write; whether it is a number is for the contact to say.
_PHONE: Final = re.compile(r"[0-9+()./ \-–x]{5,40}")


class Posted(Protocol):
    """What was sent: Django's lists of values by name."""

    def getlist(self, key: str) -> Sequence[Any]: ...


class Page(NamedTuple):
    """Answers by key, files by key, and by key what is wrong."""

    answers: dict[str, Any]
    files: dict[str, list[Any]]
    errors: dict[str, str]


def read(questions: Sequence[FormField], posted: Posted, attached: Posted) -> Page:
    """Reads a page. What was not answered has no entry, save a consent, which is then False."""
    page = Page({}, {}, {})
    for field in questions:
        try:
            if field.kind == Kind.FILE:
                kept = files.checked(attached.getlist(field.key))
                page.files.update({field.key: kept} if kept else {})
                value: Any = [each.name for each in kept]
            else:
                value = _READ[Kind(field.kind)](field, [str(each) for each in posted.getlist(field.key)])
            _require(field, value)
        except ValidationError as error:
            page.errors[field.key] = error.messages[0]
        else:
            if value not in (None, "", []):
                page.answers[field.key] = value
    return page


def points(questions: Sequence[FormField], answers: Mapping[str, Any]) -> int | None:
    """The points of all that was chosen; None where no choice has any."""
    if not any("points" in each for field in questions for each in field.choices):
        return None
    return sum(int(each.get("points", 0)) for field in questions for each in chosen(field, answers))


def chosen(field: FormField, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The choices of a question that were taken."""
    value = answers.get(field.key)
    taken = value if isinstance(value, list) else [value]
    return [each for each in field.choices if each["label"] in taken]


def agreed(questions: Sequence[FormField], answers: Mapping[str, Any]) -> bool:
    """Whether every consent was ticked, and there is one: never touched means not agreed."""
    asked = [field for field in questions if field.kind == Kind.CONSENT]
    return bool(asked) and all(answers.get(field.key) is True for field in asked)


def consents(questions: Sequence[FormField], answers: Mapping[str, Any]) -> list[str]:
    """The words of what was agreed to: a form may ask in other words tomorrow."""
    asked = [field for field in questions if field.kind == Kind.CONSENT]
    return [field.label for field in asked if answers.get(field.key) is True]


def _require(field: FormField, value: Any) -> None:
    if not field.required or value not in (None, "", [], False) or (value is False and field.kind == Kind.YESNO):
        return
    match field.kind:
        case Kind.CONSENT:
            raise ValidationError(_("Tick this to go on."))
        case Kind.CHOICE | Kind.YESNO:
            raise ValidationError(_("Choose one."))
        case Kind.MULTI_CHOICE:
            raise ValidationError(_("Choose at least one."))
        case Kind.FILE:
            raise ValidationError(_("Choose a file."))
    raise ValidationError(_("Fill this in."))


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise ValidationError(_("Write at most %(n)d characters; these are %(m)d.") % {"n": limit, "m": len(text)})
    return text


def _first(given: list[str]) -> str:
    return line(given[0]) if given else ""


def _text(_field: FormField, given: list[str]) -> str:
    return _short(_first(given), MAX_TEXT)


def _long(_field: FormField, given: list[str]) -> str:
    return _short(written(given[0]) if given else "", MAX_LONG)


def _email(_field: FormField, given: list[str]) -> str:
    text = tidied(_short(_first(given), 254))
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise ValidationError(_("Enter an e-mail address, such as anna@example.com.")) from None
    return text


def _phone(_field: FormField, given: list[str]) -> str:
    text = _first(given)
    if text and (not _PHONE.fullmatch(text) or sum(letter.isdigit() for letter in text) < 5):
        raise ValidationError(_("Enter a phone number, such as +49 30 123456."))
    return text


def _number(_field: FormField, given: list[str]) -> int | float | None:
    text = _first(given).replace(" ", "")
    if not text:
        return None
    wrong = _("Enter a number, for example 5000.")
    if len(text) > MAX_NUMBER or not text.isascii():
        raise ValidationError(wrong)
    return numbers.stored(numbers.exact(text.replace(",", ".") if _has_comma_alone(text) else text, wrong))


def _has_comma_alone(text: str) -> bool:
    """Whether the comma is the decimal sign: 12,5 is, 1,250 or 1,250.50 may not be."""
    before, _comma, after = text.partition(",")
    return text.count(",") == 1 and "." not in text and len(after) != 3 and before.lstrip("-").isdigit()


def _date(_field: FormField, given: list[str]) -> str:
    text = _first(given)
    if not text:
        return ""
    try:
        return date.fromisoformat(text if len(text) == 10 else "-").isoformat()
    except ValueError:
        raise ValidationError(_("Enter a date as year-month-day, for example 2026-05-17.")) from None


def _labels(field: FormField, given: list[str]) -> list[str]:
    wanted = {each for each in given if each}
    known = [each["label"] for each in field.choices if each["label"] in wanted]
    if wanted - set(known):
        raise ValidationError(_("Choose from the list."))
    return known


def _choice(field: FormField, given: list[str]) -> str:
    return (_labels(field, given[:1]) or [""])[0]


def _yesno(_field: FormField, given: list[str]) -> bool | None:
    text = _first(given)
    if text not in ("", "yes", "no"):
        raise ValidationError(_("Choose yes or no."))
    return text == "yes" if text else None


def _consent(_field: FormField, given: list[str]) -> bool:
    return bool(given) and given[0] == "yes"


_READ: Final[Mapping[Kind, Callable[[FormField, list[str]], Any]]] = {
    Kind.TEXT: _text, Kind.LONG_TEXT: _long, Kind.EMAIL: _email, Kind.PHONE: _phone, Kind.NUMBER: _number,
    Kind.DATE: _date, Kind.CHOICE: _choice, Kind.MULTI_CHOICE: _labels, Kind.YESNO: _yesno, Kind.HIDDEN: _text,
    Kind.CONSENT: _consent,
}  # fmt: skip
