"""How a step is asked on a page: its input, what stands in it, how a posted form is read, and values in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from contacts.custom.definitions import Definitions
from contacts.custom.kinds import Definition, Kind
from contacts.custom.values import PREFIX
from contacts.models import Contact
from contacts.run_contact import label
from pipelines.maps import mirrors
from pipelines.maps.refusal import Unfit
from pipelines.models import JourneyStep, Step
from triggers.wording.people import staff_names
from triggers.wording.telling import value_in_words

Pairs = tuple[tuple[str, str], ...]

INPUTS: Final[Mapping[str, str]] = {
    Step.Control.DROPDOWN: "select", Step.Control.RADIO: "radio", Step.Control.CHECKBOX: "none",
    Step.Control.DATE: "date", Step.Control.DATETIME: "datetime-local", Step.Control.TEXT: "text",
    Step.Control.NUMBER: "number", Step.Control.FORM: "form", Step.Control.VIDEO: "video",
    Step.Control.SCHEDULE: "datetime-local", Step.Control.CALL: "text",
}  # fmt: skip
OF_FIELDS: Final[Mapping[str, str]] = {
    Kind.LONG_TEXT: "textarea", Kind.NUMBER: "number", Kind.MONEY: "number", Kind.DATE: "date",
    Kind.DATETIME: "datetime-local", Kind.CHOICE: "select", Kind.MULTI_CHOICE: "multiple", Kind.YESNO: "select",
    Kind.USER: "select", Kind.EMAIL: "email", Kind.PHONE: "tel", Kind.URL: "url",
}  # fmt: skip
OF_COLUMNS: Final[Mapping[str, str]] = {
    "email": "email", "phone": "tel", "website": "url", "birth_date": "date", "street": "textarea",
}  # fmt: skip


@dataclass(frozen=True)
class Control:
    """An input: its kind, its choices, what stands in it; for a form its questions with their answers."""

    kind: str
    name: str
    value: Any = ""
    choices: Pairs = ()
    unit: str = ""

    @property
    def chosen(self) -> list[str]:
        return [str(each) for each in self.value] if isinstance(self.value, list) else [str(self.value)]


def of(step: JourneyStep, contact: Contact, known: Definitions) -> Control:
    """The input of a step, with its value, or that of the field it mirrors, in it."""
    if step.mirrors:
        return _of_field(step, contact, known)
    kind = INPUTS[step.control]
    if kind == "form":
        given = step.value if isinstance(step.value, dict) else {}
        return Control(kind, step.name, choices=tuple((each, str(given.get(each, ""))) for each in questions(step)))
    choices = tuple((each, each) for each in step.choices) if kind in ("select", "radio") else ()
    return Control(kind, step.name, _put_in(kind, step.value), choices)


def refilled(control: Control, data: Any) -> Control:
    """The same input with what was posted standing in it: nothing that was typed is lost."""
    if control.kind == "form":
        answers = [data.get(f"answer-{n}", "") for n in range(len(control.choices))]
        pairs = tuple((name, said) for (name, _was), said in zip(control.choices, answers, strict=True))
        return Control(control.kind, control.name, choices=pairs)
    value = data.getlist("value") if control.kind == "multiple" else data.get("value", "")
    return Control(control.kind, control.name, value, control.choices, control.unit)


def read(step: JourneyStep, known: Definitions, data: Any) -> Any:
    """What was posted for the step; None where nothing was entered. Raises Unfit where there has to be something."""
    kind = INPUTS.get(step.control, "")
    value: Any
    if kind == "none":
        value = True
    elif kind == "form":
        value = _answers(step, data)
    elif step.mirrors and _kind_of(step.mirrors, known) == "multiple":
        value = data.getlist("value") or None
    else:
        value = data.get("value", "").strip() or None
    if value is None and step.mirrors:
        raise Unfit(_("Enter a value for “%(field)s” first.") % {"field": field_label(step.mirrors)}, ("value",))
    if value is None and step.control == Step.Control.SCHEDULE:
        raise Unfit(_("Choose the day and the time of the appointment."), ("value",))
    return value


def questions(step: JourneyStep) -> list[str]:
    """What a form asks; one that was defined without questions has a single field."""
    return [str(each) for each in step.choices] or [_("Answer")]


def field_label(name: str) -> str:
    return str(label(name))


def words(step: JourneyStep, known: Definitions) -> str:
    """The step's value as a reader sees it; empty where it says no more than that it is done."""
    value = step.value
    if value in (None, "", True, [], {}):
        return _("yes") if value is True and step.mirrors else ""
    if isinstance(value, dict) and step.control == Step.Control.FORM:
        return "; ".join(_("%(question)s: %(answer)s") % {"question": q, "answer": a} for q, a in value.items() if a)
    field = known.get(step.mirrors.removeprefix(f"{PREFIX}.")) if step.mirrors.startswith(f"{PREFIX}.") else None
    if field is not None and field.kind == Kind.USER and isinstance(value, int):
        return staff_names([value]).get(value, str(value))
    if field is not None and field.choices:
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(dict(field.choices).get(str(each), str(each)) for each in chosen)
    if isinstance(value, dict) and "amount" in value:
        return f"{value['amount']} {value.get('currency', '')}".strip()
    return _moment_words(value) if isinstance(value, str) else value_in_words(value)


def _moment_words(value: str) -> str:
    if len(value) >= 16 and value[10:11] == "T" and (moment := parse_datetime(value)) is not None:
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        return f"{formats.date_format(local, 'D')} {formats.date_format(local, 'DATETIME_FORMAT')}"
    day = parse_date(value) if len(value) == 10 and value[4] == value[7] == "-" and value[:4].isdigit() else None
    return f"{formats.date_format(day, 'D')} {formats.date_format(day, 'DATE_FORMAT')}" if day else value


def _answers(step: JourneyStep, data: Any) -> dict[str, str] | None:
    asked = questions(step)
    answers = {name: data.get(f"answer-{n}", "").strip() for n, name in enumerate(asked)}
    missing = [name for name, said in answers.items() if not said]
    if missing and step.required:
        raise Unfit(_("Answer “%(question)s” too.") % {"question": missing[0]}, ("value",))
    return {name: said for name, said in answers.items() if said} or None


def _of_field(step: JourneyStep, contact: Contact, known: Definitions) -> Control:
    kind, field = _kind_of(step.mirrors, known), _definition(step.mirrors, known)
    value = mirrors.value_of(contact, step.mirrors)
    if isinstance(value, dict):
        value = value.get("amount", "")
    if isinstance(value, bool):
        value = "yes" if value else "no"
    unit = field.currency if field is not None and field.kind == Kind.MONEY else ""
    return Control(kind, field_label(step.mirrors), _put_in(kind, value), _field_choices(field), unit)


def _kind_of(name: str, known: Definitions) -> str:
    field = _definition(name, known)
    return OF_FIELDS.get(field.kind, "text") if field is not None else OF_COLUMNS.get(name, "text")


def _definition(name: str, known: Definitions) -> Definition | None:
    return known.get(name.removeprefix(f"{PREFIX}.")) if name.startswith(f"{PREFIX}.") else None


def _field_choices(field: Definition | None) -> Pairs:
    if field is None:
        return ()
    if field.kind == Kind.YESNO:
        return (("yes", _("Yes")), ("no", _("No")))
    if field.kind == Kind.USER:
        return _staff()
    return field.choices


def _staff() -> Pairs:
    from django.contrib.auth import get_user_model

    people = get_user_model()._default_manager.filter(is_staff=True, is_active=True).order_by("first_name", "username")
    return tuple((str(user.pk), user.get_full_name() or user.get_username()) for user in people[:200])


def _put_in(kind: str, value: Any) -> Any:
    """The value as an input of this kind takes it."""
    if value is None:
        return [] if kind == "multiple" else ""
    if kind == "datetime-local" and isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return (timezone.localtime(moment) if timezone.is_aware(moment) else moment).strftime("%Y-%m-%dT%H:%M")
    return value
