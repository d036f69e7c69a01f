"""What is wrong with a form or one of its questions, said where it can be put right."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from capture.forms import choices_text, keys
from capture.mapping import CUSTOM, FIELDS
from capture.models import Form, FormField
from contacts.custom.definitions import definitions
from contacts.custom.values import unknown

Kind = FormField.Kind
CHOOSING = (Kind.CHOICE, Kind.MULTI_CHOICE)


def check_field(field: FormField) -> dict[str, str]:
    """By column what is wrong with one question by itself."""
    problems: dict[str, str] = {}
    try:
        choices_text.check(field.choices)
    except ValidationError as error:
        return {"choices": error.messages[0]}
    if field.kind in CHOOSING and not field.choices:
        problems["choices"] = _("Enter at least one choice, each on a line of its own.")
    if field.kind not in CHOOSING and field.choices:
        problems["choices"] = _("Only questions with choices have any. Choose another kind, or remove them.")
    if field.kind == Kind.HIDDEN and field.required:
        problems["required"] = _("Nobody sees a hidden value, so nobody can be asked for it.")
    if field.maps_to:
        problems |= _check_target(field)
    return problems


def _check_target(field: FormField) -> dict[str, str]:
    name = field.maps_to
    if field.kind == Kind.FILE:
        return {"maps_to": _("A file stays with the submission; no field of a contact takes it.")}
    if name.startswith(CUSTOM):
        key, known = name.removeprefix(CUSTOM), definitions()
        return {} if key in known else {"maps_to": unknown(key, known)}
    return {} if name in FIELDS else {"maps_to": _("A contact has no field of this name.")}


def fill_keys(fields: Sequence[FormField]) -> None:
    """Gives each question without a key one from its words, and each its place in the order given."""
    taken = {field.key for field in fields if field.key}
    for field in fields:
        if not field.key:
            field.key = keys.field_key(field.label, taken)
            taken.add(field.key)


def check_together(form: Form, fields: Sequence[FormField]) -> list[str]:
    """What is wrong with a form's questions as a whole; keys are filled in by now."""
    problems: list[str] = []
    for name, said in (
        ("key", _("The key “%(value)s” stands at two questions. Give one of them another.")),
        ("maps_to", _("Two questions go into “%(value)s”. Let one of them go into no field.")),
    ):
        values = [value for field in fields if (value := getattr(field, name))]
        problems += [said % {"value": value} for value in sorted(set(values)) if values.count(value) > 1]
    pages = sorted({field.page for field in fields})
    if form.kind == Form.Kind.FORM:
        return problems + _check_plain(fields, pages)
    if len(pages) > 1 and any(field.kind == Kind.FILE for field in fields):
        problems.append(_("A file can be asked for only where all questions stand on one page."))
    return problems + [said for field in fields for each in field.choices for said in _misled(field, each, pages)]


def _check_plain(fields: Sequence[FormField], pages: list[int]) -> list[str]:
    problems = []
    if len(pages) > 1:
        problems.append(_("A form has one page. Put all questions on one, or make it a survey."))
    if any(each.get("to") for field in fields for each in field.choices):
        problems.append(_("In a form no answer leads anywhere. Remove that from the choices, or make it a survey."))
    return problems


def _misled(field: FormField, choice: dict[str, Any], pages: list[int]) -> list[str]:
    """Pages lead forward only, so that every way through a survey ends."""
    to = str(choice.get("to", ""))
    if not to.isdigit():
        return []
    words = {"choice": choice["label"], "question": field.label, "page": to}
    if int(to) not in pages:
        return [_("“%(choice)s” of “%(question)s” leads to page %(page)s, and there is none.") % words]
    if int(to) <= field.page:
        return [_("“%(choice)s” of “%(question)s” leads back to page %(page)s. Choose a later one.") % words]
    return []
