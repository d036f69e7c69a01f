"""A page of a form as templates show it: each question with what was entered and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capture.forms import files
from capture.forms.answers import Posted
from capture.models import FormField

Kind = FormField.Kind
# What browsers call them.
INPUTS = {Kind.EMAIL: "email", Kind.PHONE: "tel", Kind.DATE: "date"}
AUTOCOMPLETE = {
    "email": "email", "phone": "tel", "first_name": "given-name", "last_name": "family-name", "name": "name",
    "company": "organization", "job_title": "organization-title", "street": "street-address", "city": "address-level2",
    "postal_code": "postal-code", "country": "country-name", "website": "url", "birth_date": "bday",
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One question. `chosen` are the labels that were taken, `value` what stands in a plain input."""

    field: FormField
    value: str
    chosen: tuple[str, ...]
    error: str

    @property
    def kind(self) -> str:
        return str(self.field.kind)

    @property
    def name(self) -> str:
        return self.field.key

    @property
    def input(self) -> str:
        return INPUTS.get(Kind(self.field.kind), "text")

    @property
    def autocomplete(self) -> str:
        return AUTOCOMPLETE.get(self.field.maps_to, "")

    @property
    def described_by(self) -> str:
        """The ids of help and error, as aria-describedby has them."""
        parts = [f"help-{self.name}"] * bool(self.field.help_text) + [f"error-{self.name}"] * bool(self.error)
        return " ".join(parts)

    @property
    def is_group(self) -> bool:
        return self.field.kind in (Kind.CHOICE, Kind.MULTI_CHOICE, Kind.YESNO)

    @property
    def accept(self) -> str:
        return files.ACCEPT


def shown(
    fields: Sequence[FormField], entered: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> list[Question]:
    """The questions with what was entered before, by key: texts, lists, yes and no."""
    return [_question(field, entered.get(field.key), (errors or {}).get(field.key, "")) for field in fields]


def as_posted(fields: Sequence[FormField], posted: Posted) -> dict[str, Any]:
    """What was posted for these questions, as it was typed, to be shown again."""
    found: dict[str, Any] = {}
    for field in fields:
        if field.kind != Kind.FILE:
            given = [str(each) for each in posted.getlist(field.key)]
            found[field.key] = given if field.kind == Kind.MULTI_CHOICE else (given or [""])[0]
    return found


def _question(field: FormField, value: Any, error: str) -> Question:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if field.kind == Kind.HIDDEN and value in (None, ""):
        value = field.default
    taken = tuple(str(each) for each in value) if isinstance(value, list) else (str(value),) if value else ()
    return Question(field, "" if value is None or isinstance(value, list) else str(value), taken, error)
